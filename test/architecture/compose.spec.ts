import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('docker-compose.yml', 'utf8');

/** Compose as a plugin of docker or as a program of its own; null where there is neither. */
const compose = [['docker', 'compose'], ['docker-compose']].find(
  ([program, ...args]) => spawnSync(program!, [...args, 'version'], { stdio: 'ignore' }).status === 0,
);

describe('docker-compose.yml', () => {
  it.skipIf(!compose)(
    'is accepted by compose (skipped where neither `docker compose` nor docker-compose is there)',
    () => {
      const [program, ...args] = compose!;
      const { status, stderr } = spawnSync(program!, [...args, 'config', '-q'], { encoding: 'utf8' });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it('pins every image to a version', () => {
    const images = [...text.matchAll(/^ {4}image: (.*)$/gm)].map(([, image]) => image);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+/);
    expect(readFileSync('Dockerfile', 'utf8')).toMatch(/^FROM node:\d+\.\d+\.\d+/m);
  });

  it('asks every service for its health', () => {
    const services = text
      .slice(0, text.indexOf('\nvolumes:'))
      .split(/^ {2}(?=[\w-]+:$)/m)
      .slice(1);
    expect(services).toHaveLength(3);
    for (const service of services) expect(service).toContain('healthcheck:');
  });

  it('hands the service every variable there is, but those of the container itself', () => {
    const ofTheContainer = ['NODE_ENV', 'HOST', 'DATA_DIR', 'SANDBOX'];
    const known = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name!);
    expect(known.length).toBeGreaterThan(20);
    const handedOver = [...text.matchAll(/^ {6}([A-Z0-9_]+): /gm)].map(([, name]) => name);
    expect(handedOver).toEqual(expect.arrayContaining(known.filter((name) => !ofTheContainer.includes(name))));
  });
});
