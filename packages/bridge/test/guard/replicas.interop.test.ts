// Several real models are replicas behind one model object: the distribution of calls, and the effects if one replica is away.
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { connect } from '../../src/index.ts';
import { ML_MODEL, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';
import { picture } from '../support/picture.ts';

const [label, python] = pythons[0] ?? ['no Python', undefined];

describe.skipIf(!python)(`replicas of ml_model.py on ${label}`, () => {
  test('share the work, each call gets its own reply', async () => {
    const replicas = await Promise.all([1, 2, 3].map(() => startPeer(python ?? '', ML_MODEL)));
    await using model = connect(replicas.map(({ target }) => target));
    const xs = Array.from({ length: 90 }, (_, i) => 3 * i);
    const replies = await Promise.all(xs.map((x) => model.call(picture(x))));
    expect(replies.map((boxes) => boxes.get(0, 0))).toEqual(xs);
    expect(model.stats.replicas.map(({ health }) => health)).toEqual(['up', 'up', 'up']);
    // All three replicas are idle when the first three calls are made.
    for (const { answered } of model.stats.replicas) expect(answered).toBeGreaterThan(0);
    expect(replicas.every((replica) => replica.alive())).toBe(true);
  });

  test('a stream keeps the order of its frames', async () => {
    const replicas = await Promise.all([1, 2].map(() => startPeer(python ?? '', ML_MODEL)));
    await using model = connect(replicas.map(({ target }) => target));
    const xs = Array.from({ length: 40 }, (_, i) => 5 * i);
    const seen: number[] = [];
    for await (const { output } of model.stream(xs.map((x) => picture(x)))) seen.push(Number(output.get(0, 0)));
    expect(seen).toEqual(xs);
  });

  test('a replica that is away is left out, its message goes to another, and it is used again later', async () => {
    const here = await startPeer(python ?? '', ML_MODEL);
    const port = await freePort();
    await using model = connect([`tcp://127.0.0.1:${port}`, here.target]);
    const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => model.call(picture(i))));
    expect(replies.map((boxes) => boxes.get(0, 0))).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(model.stats).toMatchObject({
      failures: {},
      replicas: [
        { health: 'down', answered: 0 },
        { health: 'up', answered: 20 },
      ],
    });
    await startPeer(python ?? '', ML_MODEL, { port });
    const answeredByIt = async (): Promise<number | undefined> => {
      await Promise.all(Array.from({ length: 40 }, (_, i) => model.call(picture(i))));
      return model.stats.replicas[0]?.answered;
    };
    await expect.poll(answeredByIt).toBeGreaterThan(0);
    expect(model.stats.replicas[0]).toMatchObject({ health: 'up' });
  });

  test('a replica that is killed under load costs no more than the message it had', async () => {
    const replicas = await Promise.all([1, 2].map(() => startPeer(python ?? '', ML_MODEL)));
    await using model = connect(
      replicas.map(({ target }) => target),
      { queueLimit: 200 },
    );
    const calls = Array.from({ length: 200 }, (_, i) =>
      model.call(picture(i)).then(
        () => 'answered',
        (error: { code: string }) => error.code,
      ),
    );
    await calls[20];
    await replicas[0]?.kill();
    const outcomes = await Promise.all(calls);
    const lost = outcomes.filter((outcome) => outcome !== 'answered');
    expect(lost.length).toBeLessThanOrEqual(1);
    for (const code of lost) expect(code).toMatch(/^TRANSPORT_CLOSED_/);
  });
});
