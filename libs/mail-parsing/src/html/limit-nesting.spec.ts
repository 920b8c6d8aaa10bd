import { describe, expect, it } from 'vitest';
import { limitNesting } from './limit-nesting.js';

describe('nesting', () => {
  it('that stays within the limit is left alone', () => {
    const html = '<div><b>a</b><br><p>b<p>c<ul><li>d<li>e</ul></div>'.repeat(50);
    expect(limitNesting(html, 3)).toBe(html);
  });

  it('beyond the limit loses the opening tags, not the text', () => {
    expect(limitNesting('<div><div><div>a</div></div></div>', 2)).toBe('<div><div>a</div></div></div>');
  });

  it('is not lessened by closing tags that close nothing', () => {
    expect(limitNesting('<b></i><b></i><b></i>a', 2)).toBe('<b></i><b></i></i>a');
  });

  it('is lessened by closing an outer element', () => {
    expect(limitNesting('<div><b></div><div><b></div>', 2)).toBe('<div><b></div><div><b></div>');
  });

  it('does not count what is written in comments, scripts and attributes', () => {
    const html = '<!-- <b><b> --><script>"<b><b>"</script><img title="<b><b>"><b>a</b>';
    expect(limitNesting(html, 1)).toBe(html);
  });
});
