// A proxy in front of the engine's socket. It cuts connections, briefly or for good, as if the engine had stopped.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { engineEnv } from './containers.ts';

export interface EngineProxy {
  /** The proxy's address, in the variable DOCKER_HOST. */
  readonly env: { readonly DOCKER_HOST: string };
  /** Holds back everything that the engine sends, as if it were slow, until the returned function is called. */
  hold(): () => void;
  /** Ends all connections. */
  cut(): void;
  /** Cuts the connections of the next `times` requests that match. */
  refuse(request: RegExp, times: number): void;
  /** Ends all connections and stops listening. */
  leave(): Promise<void>;
  /** Listens again. */
  comeBack(): Promise<void>;
  /** Returns all bytes that were sent to the engine, as text. */
  sent(): string;
}

/** @param over the kind of socket on which it listens; an engine behind TCP is treated as one on another machine */
export async function engineProxy(over: 'unix' | 'tcp' = 'unix'): Promise<EngineProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-proxy-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Socket>();
  let server: Server;
  let sent = '';
  let held: (() => void)[] | undefined;
  const refusals: { readonly request: RegExp; times: number }[] = [];
  const listen = async (): Promise<void> => {
    server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: engineEnv.DOCKER_HOST.slice('unix://'.length), allowHalfOpen: true });
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.on('data', (chunk: Buffer) => {
        const text = chunk.toString('latin1');
        const refusal = refusals.find(({ request, times }) => times > 0 && request.test(text));
        if (refusal) {
          refusal.times--;
          near.destroy();
          return;
        }
        sent += text;
        far.write(chunk);
      });
      near.on('end', () => far.end());
      far.on('data', (chunk: Buffer) => {
        if (held) held.push(() => near.write(chunk));
        else near.write(chunk);
      });
      far.on('end', () => (held ? held.push(() => near.end()) : near.end()));
    });
    server.listen(over === 'unix' ? path : { host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const leave = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  await listen();
  onTestFinished(async () => {
    if (server.listening) await leave();
    rmSync(folder, { recursive: true });
  });
  const port = over === 'tcp' ? (server!.address() as AddressInfo).port : 0;
  const hold = (): (() => void) => {
    const holding: (() => void)[] = [];
    held = holding;
    return () => {
      held = undefined;
      for (const say of holding.splice(0)) say();
    };
  };
  return {
    hold,
    env: { DOCKER_HOST: over === 'unix' ? `unix://${path}` : `tcp://127.0.0.1:${port}` },
    cut,
    refuse: (request, times) => {
      refusals.push({ request, times });
    },
    leave,
    comeBack: listen,
    sent: () => sent,
  };
}
