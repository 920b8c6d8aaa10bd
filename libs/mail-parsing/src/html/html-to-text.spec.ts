import { describe, expect, it } from 'vitest';
import { htmlToText } from './html-to-text.js';

describe('the words of HTML', () => {
  it.each([
    ['paragraphs and breaks', '<p>一<br>二</p><p>三</p>', '一\n二\n三'],
    ['inline elements', '面<b>接</b>の<font color=red>件</font>', '面接の件'],
    ['white space as browsers fold it', '  a \r\n\t b  ', 'a b'],
    ['cells apart', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['no styles, scripts, titles and comments', '<title>t</title><style>s</style><script>s</script><!-- c -->a', 'a'],
    ['references', '&lt;b&gt; &amp; &#26085;&#x672C;&yen;&hellip; &copy; &unknown; &', '<b> & 日本¥… © &unknown; &'],
    ['references that are no letters', '&#0;&#xD800;&#x110000;', '\ufffd\ufffd\ufffd'],
    ['a bracket in an attribute', '<img alt="a>b">c', 'c'],
    ['brackets that begin nothing', '1 < 2 <3', '1 < 2 <3'],
    ['a tag that never ends', 'a<b', 'a'],
    ['a comment that never ends', 'a<!-- b', 'a'],
    ['a style that never ends', 'a<style>b', 'a'],
    ['conditional comments of Office', '<!--[if mso]><p>x</p><![endif]-->a<![if !mso]>b<![endif]>', 'ab'],
  ])('%s', (_name, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});
