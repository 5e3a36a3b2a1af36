// A NumPy that may crash: cases go into a pipe, and answers come back in the same order. If the process ends or stays silent, the
// first case without an answer is the cause: its answer says so, a new process is started, and the other cases are sent again.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Answer, parseAnswer } from './answer.ts';

/** A case is given up after NumPy has worked on it for this time. */
const SILENCE_MS = 10_000;

interface Asked {
  readonly request: Uint8Array;
  readonly resolve: (answer: Answer) => void;
}

export class FuzzPeer {
  readonly #python: string;
  readonly #asked: Asked[] = [];
  readonly #watch: NodeJS.Timeout;
  #child: ChildProcessByStdio<Writable, Readable, null>;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** The time since when the first case without an answer is the first, in ms of the process's clock. */
  #since = 0;
  #hung = false;
  #stopping = false;
  #isUp = false;
  /** NumPy's major version, 1 or 2. */
  numpyMajor = 2;
  #hello: { resolve(version: string): void; reject(error: Error): void } | undefined;
  /** The number of processes that ended or had to be killed. */
  lost = 0;

  private constructor(python: string) {
    this.#python = python;
    this.#child = this.#spawn();
    this.#watch = setInterval(() => this.#look(), 500);
  }

  /** @returns the peer, after NumPy has started, and its version */
  static async start(python: string): Promise<{ peer: FuzzPeer; version: string }> {
    const peer = new FuzzPeer(python);
    const version = await new Promise<string>((resolve, reject) => {
      peer.#hello = { resolve, reject };
    });
    return { peer, version };
  }

  /** Sends one request, as numpy/peer.py draws it. */
  ask(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve) => {
      if (this.#asked.length === 0) this.#since = performance.now();
      this.#asked.push({ request, resolve });
      this.#write(request);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await ended;
  }

  #spawn(): ChildProcessByStdio<Writable, Readable, null> {
    const script = fileURLToPath(new URL('./peer.py', import.meta.url));
    const child = spawn(this.#python, ['-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    // A write to a process that has just ended is not an error, because its end is handled below.
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.on('error', (error) => this.#hello?.reject(error));
    child.on('close', (code, signal) => this.#lose(signal ?? `exit code ${code}`));
    this.#isUp = false;
    return child;
  }

  #write(request: Uint8Array): void {
    const { stdin } = this.#child;
    // All requests of one turn of the event loop are sent in one write.
    if (stdin.writableCorked === 0) {
      stdin.cork();
      setImmediate(() => stdin.uncork());
    }
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    stdin.write(length);
    stdin.write(request);
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes < 4) return;
    let bytes = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
      const end = 4 + bytes.readUInt32LE(0);
      this.#answer(bytes.subarray(4, end));
      bytes = bytes.subarray(end);
    }
    this.#received = [bytes];
    this.#receivedBytes = bytes.length;
  }

  #answer(frame: Buffer): void {
    this.#since = performance.now();
    if (this.#isUp) this.#asked.shift()?.resolve(parseAnswer(frame));
    else {
      this.#isUp = true;
      const { numpy, python } = JSON.parse(frame.toString('utf8', 1)) as Record<string, string>;
      this.numpyMajor = Number.parseInt(numpy ?? '', 10);
      this.#hello?.resolve(`NumPy ${numpy} on Python ${python}`);
    }
  }

  #look(): void {
    if (this.#asked.length === 0 || !this.#isUp || performance.now() - this.#since < SILENCE_MS) return;
    this.#hung = true;
    this.#child.kill('SIGKILL');
  }

  #lose(how: string): void {
    if (this.#stopping) return;
    if (!this.#isUp) {
      this.#hello?.reject(new Error(`${this.#python} did not start: ${how}`));
      clearInterval(this.#watch);
      return;
    }
    this.lost++;
    const reason = this.#hung ? `silent for ${SILENCE_MS / 1000} s` : how;
    this.#hung = false;
    this.#received = [];
    this.#receivedBytes = 0;
    this.#asked.shift()?.resolve({ outcome: 'died', reason });
    this.#child = this.#spawn();
    this.#since = performance.now();
    for (const { request } of this.#asked) this.#write(request);
  }
}
