import { describe, expect, it } from 'vitest';
import { summarizeMail } from '../summarize-mail.js';

const summaryOf = (...headers: string[]) => summarizeMail(Buffer.from([...headers, '', 'text'].join('\r\n')));

describe('characters that turn what is shown', () => {
  it('are in no name', () => {
    const { from } = summaryOf('From: "\u202egro.elpmas@oras\u202c" <eve@evil.example>');
    expect(from).toEqual({ name: 'gro.elpmas@oras', address: 'eve@evil.example' });
  });

  it('are in no subject, encoded or raw', () => {
    const encoded = Buffer.from('請求書\u2066fdp.exe\u2069').toString('base64');
    expect(summaryOf(`Subject: =?UTF-8?B?${encoded}?= \u202ex`).subject).toBe('請求書fdp.exe x');
  });

  it('leave no trace in an address, and neither does what nobody sees', () => {
    expect(summaryOf('From: <ta\u200bro\u202e@sample.exam\u00adple>').from?.address).toBe('taro@sample.example');
  });

  it('leave the marks that Hebrew and Arabic need', () => {
    expect(summaryOf('Subject: שלום\u200f!').subject).toBe('שלום\u200f!');
  });
});
