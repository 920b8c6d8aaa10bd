import mongoose from 'mongoose';

/**
 * The BSON classes which the driver itself uses. The package `bson` exists as an ES module and as a CommonJS one, each
 * with classes of its own; what the driver returns is an instance of these only.
 */
export const { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } = mongoose.mongo.BSON;
