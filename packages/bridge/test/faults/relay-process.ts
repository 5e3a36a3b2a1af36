// A relay in a process of its own: `relay-process.ts TO`. Says where it listens.
import * as bridge from '../../src/index.ts';

const { relay } = bridge as {
  relay?(from: string, to: string, options: { queueLimit: number }): Promise<{ address: string }>;
};
const [to = ''] = process.argv.slice(2);
const relayed = await relay?.('tcp://127.0.0.1:0', to, { queueLimit: 1000 });
console.log(relayed?.address);
