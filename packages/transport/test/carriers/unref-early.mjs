// A program that sends a message to a host name and calls unref() before the name is resolved. Node then ends the program.
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';

const framing = asciiLength({ width: 10 });
const carrier = tcp(
  { host: 'localhost', port: Number(process.argv[2]) },
  { dialect: { request: framing, reply: framing } },
);
carrier.exchange([Uint8Array.of(1)]).catch(() => {});
carrier.unref?.();
