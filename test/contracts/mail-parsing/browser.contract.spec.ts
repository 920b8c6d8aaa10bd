import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMail } from '@libs/mail-parsing';

/** `RUN` would fetch what tells on it, `LOAD` is an address that tells on it. */
const TRICKS = [
  '<script>RUN</script>',
  '<img src=x onerror=RUN>',
  '<img/src/onerror=RUN>',
  '<svg onload=RUN>',
  '<svg><animate onbegin=RUN attributeName=x dur=1s>',
  '<body onload=RUN>',
  '<details open ontoggle=RUN>',
  '<input autofocus onfocus=RUN>',
  '<iframe srcdoc="<script>RUN</script>"></iframe>',
  '<object data="data:text/html,<script>RUN</script>"></object>',
  '<embed src="javascript:RUN">',
  '<meta http-equiv=refresh content="0;url=LOAD">',
  '<base href="LOAD/"><img src="a">',
  '<link rel=stylesheet href="LOAD">',
  '<style>@import "LOAD"; * { background: url(LOAD) }</style>',
  '</div></div></body></html><script>RUN</script>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=RUN&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>',
  '<svg></p><style><a id="</style><img src=1 onerror=RUN>">',
  '<noscript><p title="</noscript><img src=x onerror=RUN>">',
  '<xmp><p title="</xmp><svg/onload=RUN>">',
  '<textarea><a title="</textarea><svg onload=RUN>">',
  '<p title="<!--"><img src=x alt="--><img src=x onerror=RUN>">',
  '<!--><script>RUN</script>-->',
  '<!-- --!><img src=x onerror=RUN>',
  '<![if !mso]><img src=x onerror=RUN><![endif]>',
  '<template><img src=x onerror=RUN></template>',
  '<plaintext><script>RUN</script>',
  '<img src="data:image/svg+xml,<svg onload=RUN xmlns=http://www.w3.org/2000/svg>">',
  '<img src="LOAD">',
  '<img srcset="LOAD 1x">',
  '<picture><source srcset="LOAD"><img></picture>',
  '<video src="LOAD" poster="LOAD" autoplay></video>',
  '<input type=image src="LOAD">',
  '<table background="LOAD"><td background="LOAD" style="background: url(\'LOAD\')">x',
  '<div style="background-image: u\\72l(LOAD)">x</div>',
  '<div style="background: image-set(url(LOAD) 1x)">x</div>',
  '<div style="list-style-image: url(LOAD)">x</div>',
  '<p style="color: red;}*{background:url(LOAD)}">x</p>',
  '<v:imagedata src="LOAD">',
  '<bgsound src="LOAD">',
  '<svg><image href="LOAD"/></svg>',
  '<a href="jav&#x09;ascript:RUN" ping="LOAD">x</a>',
];

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const QUIET = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'; // prettier-ignore
const named = chromium === undefined ? ' (skipped: there is no Chromium)' : '';

describe.skipIf(chromium === undefined)(`mail in a browser, without sandbox or policy around it${named}`, () => {
  let server: Server;
  let directory: string;
  let browser: ChildProcess;
  /** What the page asked the server for, in order. */
  const asked: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-browser-'));
    let settled: () => void;
    const shown = new Promise<void>((resolve) => (settled = resolve));
    let page = '';
    server = createServer(({ url = '' }, response) => {
      if (url !== '/' && url !== '/favicon.ico') asked.push(url);
      if (url === '/shown') settled();
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(url === '/' ? page : '');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    page = pageOf(TRICKS.map((trick, n) => safeHtmlOf(trick, n, origin)));
    browser = spawn(
      chromium!,
      [...QUIET.split(' '), `--user-data-dir=${directory}`, '--remote-debugging-port=0', origin],
      {
        stdio: 'ignore',
      },
    );
    await shown;
  }, 60_000);

  afterAll(async () => {
    if (browser?.exitCode === null && browser.kill()) await once(browser, 'exit');
    server?.closeAllConnections();
    server?.close();
    if (directory) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is a page on which tricks work where nobody cleans', () => expect(asked).toContain('/control'));

  it('runs nothing, loads nothing and stays in its place', () => {
    const told = asked.filter((url) => url !== '/shown' && url !== '/control');
    expect(told.map((url) => `${url} ${TRICKS[Number(/\d+/.exec(url)?.[0])] ?? ''}`)).toEqual([]);
  });
});

function safeHtmlOf(trick: string, number: number, origin: string): string {
  const url = `${origin}/load/${number}`;
  const html = trick.replaceAll('RUN', `fetch(\`${origin}/run/${number}\`)`).replaceAll('LOAD', url);
  const source = `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`;
  return readMail(Buffer.from(source)).safeHtml ?? '';
}

/**
 * Each mail as it comes, in a frame, and written and read once more, which is where cleaned HTML turns into another
 * (mutation XSS); then some time for what is lazy. A trick that nobody has cleaned shows that tricks work here.
 */
function pageOf(mails: readonly string[]): string {
  const places = mails.map((html, n) => `<div id="place${n}">${html}</div>`).join('\n');
  return `<!doctype html><body><img src="data:," onerror="fetch('/control')">${places}<script>
    for (const place of [...document.querySelectorAll('[id^=place]')]) {
      if (place.parentNode !== document.body) fetch('/out-of-place/' + place.id.slice(5));
      const again = document.createElement('div');
      again.innerHTML = place.innerHTML;
      const frame = document.createElement('iframe');
      frame.srcdoc = place.innerHTML;
      document.body.append(again, frame);
      again.innerHTML = again.innerHTML;
    }
    if (document.querySelectorAll('[id^=place]').length !== ${mails.length}) fetch('/out-of-place/all');
    for (const link of document.querySelectorAll('a[href]')) if (!/^(https?|mailto|tel):/.test(link.href)) fetch('/link');
    setTimeout(() => fetch('/shown'), 1_500);
  </script>`;
}
