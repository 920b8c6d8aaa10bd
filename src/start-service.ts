import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { type AppConfig } from './platform/config/index.js';
import { setupHttp } from './platform/http/index.js';
import { Logger } from './platform/observability/index.js';
import { openStores, type Stores } from './stores.js';

/** The service, listening. */
export interface Service {
  readonly app: NestExpressApplication;
  readonly stores: Stores;
  readonly url: string;
  /** Finishes what is under way, then closes everything, the embedded stores last. */
  close(): Promise<void>;
}

/** Opens the stores, puts the service together and listens. Whatever was opened is closed again when it fails. */
export async function startService(config: AppConfig): Promise<Service> {
  const stores = await openStores(config);
  try {
    const module = AppModule.of(config, stores.addresses);
    const app = await NestFactory.create<NestExpressApplication>(module, { bufferLogs: true, bodyParser: false });
    app.useLogger(app.get(Logger));
    setupHttp(app);
    await app.listen(config.http.port, config.http.host);
    const close = async () => {
      await app.close();
      await stores.close();
    };
    return { app, stores, url: await app.getUrl(), close };
  } catch (error) {
    await stores.close();
    throw error;
  }
}
