import { type ChildProcess, spawn } from 'node:child_process';
import { eventually } from './eventually.js';

/** A script of the project in a process of its own, as an operator runs it. */
export class RunningScript {
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<number | null>;

  constructor(path: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [path, ...args], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Waits until it has said this. */
  async says(text: string): Promise<void> {
    await eventually(
      async () => this.stdout + this.stderr,
      (said) => said.includes(text),
    );
  }

  /** Ends it at whatever instruction it is. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  /** Its exit code, once it has ended; null: it was killed. */
  async ended(): Promise<number | null> {
    return this.exit;
  }
}
