import { describe, expect, it } from 'vitest';
import { InlineImages } from './inline-images.js';

const png = Buffer.from('\x89PNG\r\n\x1a\n photo', 'latin1');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
const pixel = /^data:image\/gif;base64,/;

const shown = async (
  html: (place: (index: number) => string) => string,
  contents: readonly (Buffer | null)[],
  sizes = contents.map((content) => content?.length ?? 0),
): Promise<{ html: string; asked: number[] }> => {
  const images = new InlineImages();
  const asked: number[] = [];
  const listed = sizes.map((size, index) => ({ index, size }));
  const done = await images.intoHtml(
    html((index) => images.urlTemplate.replace('{index}', String(index))),
    listed,
    async (index) => {
      asked.push(index);
      return contents[index] ?? null;
    },
  );
  return { html: done, asked };
};
const sourcesOf = (html: string): string[] => [...html.matchAll(/src="([^"]*)"/g)].map(([, source]) => source ?? '');

describe('images inside a mail', () => {
  it('stand in the page itself, each fetched once', async () => {
    const { html, asked } = await shown((at) => `<img src="${at(0)}"><p>面談</p><img src="${at(0)}">`, [png]);
    const url = `data:image/png;base64,${png.toString('base64')}`;
    expect(html).toBe(`<img src="${url}"><p>面談</p><img src="${url}">`);
    expect(asked).toEqual([0]);
  });

  it.each([
    ['jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['gif', Buffer.from('GIF89a...')],
    ['webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
    ['bmp', Buffer.from('BM\x10\0\0\0\0\0\0\0', 'latin1')],
  ])('are told by their bytes: %s', async (type, content) => {
    const { html } = await shown((at) => `<img src="${at(0)}">`, [content]);
    expect(html).toContain(`data:image/${type};base64,`);
  });

  it('that could run something, are no images or are missing show as nothing', async () => {
    const contents = [svg, Buffer.from('MZ program'), null];
    const { html } = await shown((at) => [0, 1, 2].map((n) => `<img src="${at(n)}">`).join(''), contents);
    for (const source of sourcesOf(html)) expect(source).toMatch(pixel);
  });

  it('are not repeated without end', async () => {
    const { html, asked } = await shown((at) => `<img src="${at(0)}">`.repeat(3), [png], [4 * 1024 * 1024]);
    expect(asked).toEqual([]);
    for (const source of sourcesOf(html)) expect(source).toMatch(pixel);
  });

  it('cannot be asked for by whoever wrote the mail', async () => {
    const guess = '<p>/inline-image/00000000-0000-4000-8000-000000000000/0</p>';
    const { html, asked } = await shown(() => guess, [png]);
    expect([html, asked]).toEqual([guess, []]);
  });
});
