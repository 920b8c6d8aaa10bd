import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on which connections can be held: they are taken, and hear nothing until they are let through. */
export class HoldingProxy {
  private readonly waiting: (() => void)[] = [];
  private readonly open = new Set<Socket>();
  private readonly arrivals: (() => void)[] = [];
  private holding = false;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (socket) => this.take(socket));
  }

  /** Listens on a free port of loopback, in front of the given one. */
  static async start(target: number): Promise<HoldingProxy> {
    const server = createServer();
    const proxy = new HoldingProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on connections wait. Resolves when the first of them is there. */
  async hold(): Promise<void> {
    this.holding = true;
    await new Promise<void>((resolve) => this.arrivals.push(resolve));
  }

  /** Lets through what waits, and everything that comes. */
  letThrough(): void {
    this.holding = false;
    for (const go of this.waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
    if (!this.holding) return this.forward(socket);
    this.waiting.push(() => this.forward(socket));
    for (const arrived of this.arrivals.splice(0)) arrived();
  }

  private forward(socket: Socket): void {
    const onward = connect(this.target, '127.0.0.1');
    this.open.add(onward);
    onward.on('error', () => socket.destroy()).on('close', () => this.open.delete(onward));
    socket.pipe(onward).pipe(socket);
  }
}
