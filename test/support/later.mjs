// Loaded before a service (`node --import`), which then takes the time to be CLOCK_AHEAD_MS milliseconds later than it is.
// Timers run as ever; only what the clock says is changed.
const ahead = Number(process.env.CLOCK_AHEAD_MS);
const realNow = Date.now;
Date.now = () => realNow() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (real, args, target) => Reflect.construct(real, args.length === 0 ? [Date.now()] : args, target),
});
