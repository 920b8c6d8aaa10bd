import { sjis } from './charsets.mjs';
import { base64, bytes, FILE, part, textMail, withParts } from './mail.mjs';

// A writer for TNEF (MS-OXTNEF), as Outlook packs a message for another Exchange.
const u16 = (value) => Buffer.from([value & 255, value >> 8]);
const u32 = (value) => Buffer.from([value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
const attribute = (level, id, data) => bytes(Buffer.from([level]), u32(id), u32(data.length), data, u16(data.reduce((sum, byte) => (sum + byte) & 0xffff, 0)));
const padded = (data) => bytes(data, Buffer.alloc((4 - (data.length % 4)) % 4));
const variable = (type, id, data) => bytes(u16(type), u16(id), u32(1), u32(data.length), padded(data));
const unicode = (id, text) => variable(0x1f, id, Buffer.from(`${text}\0`, 'utf16le'));
const string8 = (id, data) => variable(0x1e, id, bytes(data, Buffer.from([0])));
const binary = (id, data) => variable(0x102, id, data);
const number = (id, value) => bytes(u16(3), u16(id), u32(value));
const named = (name, value) => bytes(u16(3), u16(0x8001), Buffer.alloc(16, 7), u32(1), u32(name.length * 2), padded(Buffer.from(name, 'utf16le')), u32(value));
const properties = (...all) => bytes(u32(all.length), all);

const codePage = (page) => attribute(1, 0x00069007, bytes(u32(page), u32(0)));
const messageProperties = (...all) => attribute(1, 0x00069003, properties(...all));
const rendering = attribute(2, 0x00069002, Buffer.alloc(14));
const title = (data) => attribute(2, 0x00018010, bytes(data, Buffer.from([0])));
const data = (content) => attribute(2, 0x0006800f, content);
const attachmentProperties = (...all) => attribute(2, 0x00069005, properties(...all));
const tnef = (...attributes) => bytes(u32(0x223e9f78), u16(1), attributes);
const MESSAGE = Buffer.from('0703020000000000c000000000000046', 'hex');

const winmail = (content) => part({ 'Content-Type': 'application/ms-tnef; name="winmail.dat"', 'Content-Transfer-Encoding': 'base64', 'Content-Disposition': 'attachment; filename="winmail.dat"' }, base64(content));
const sample = (name, about, content, expected) => ({ name: `winmail-${name}`, about, mail: withParts([winmail(content)]), expected: { text: '本文です。', ...expected } });
const pdf = (name) => ({ name, type: 'application/pdf', size: FILE.length, inline: false });

export const samples = [
  sample('unicode-names', 'Names in Unicode, among other properties', tnef(codePage(932), rendering, title(sjis('MITSUM~1.PDF')), data(FILE), attachmentProperties(number(0x3705, 1), named('AttachMark', 1), unicode(0x3707, '見積書①.pdf'), unicode(0x370e, 'application/pdf'))), { hasAttachments: true, attachments: [pdf('見積書①.pdf')] }),
  sample('code-page-names', 'Names in the code page of the sender', tnef(codePage(932), rendering, title(sjis('見積書ソ.pdf')), data(FILE)), { hasAttachments: true, attachments: [pdf('見積書ソ.pdf')] }),
  sample('two-files', 'Two files, the long names by code page', tnef(codePage(932), rendering, data(FILE), attachmentProperties(string8(0x3707, sjis('一.pdf'))), rendering, data(FILE), attachmentProperties(string8(0x3707, sjis('二.pdf')))), { hasAttachments: true, attachments: [pdf('一.pdf'), pdf('二.pdf')] }),
  sample('data-as-property', 'The data in a property', tnef(rendering, attachmentProperties(unicode(0x3707, 'a.pdf'), binary(0x3701, FILE))), { hasAttachments: true, attachments: [pdf('a.pdf')] }),
  sample('formatting-only', 'Nothing but formatting: nothing to download', tnef(codePage(932), messageProperties(unicode(0x0037, 'test'), binary(0x1009, Buffer.alloc(20)))), { hasAttachments: false, attachments: [] }),
  sample('message-inside', 'A message with a file inside', tnef(rendering, attachmentProperties(unicode(0x3001, '元のメール'), variable(0x0d, 0x3701, bytes(MESSAGE, tnef(codePage(65001), messageProperties(unicode(0x1000, '元の本文')), rendering, title('b.pdf'), data(FILE)))))), { hasAttachments: true, attachments: [{ name: '元のメール.txt', type: 'text/plain', size: 12 }, pdf('b.pdf')] }),
  sample('cut-off', 'Cut off behind the first file', tnef(rendering, title('a.pdf'), data(FILE), rendering).subarray(0, -3), { hasAttachments: true, attachments: [pdf('a.pdf')] }),
  sample('no-tnef', 'A winmail.dat that is none', bytes('hello'), { hasAttachments: true, attachments: [{ name: 'winmail.dat', type: 'application/ms-tnef', size: 5 }] }),
  sample('wild-lengths', 'Lengths and counts of billions', tnef(rendering, title('a.pdf'), data(FILE), attachmentProperties(bytes(u16(0x1003), u16(0x3705), u32(0xffffffff)), unicode(0x3707, 'b.pdf'))), { hasAttachments: true, attachments: [pdf('a.pdf')] }),
  {
    name: 'winmail-octet-stream', about: 'Sent as application/octet-stream, told by its name',
    mail: withParts([part({ 'Content-Type': 'application/octet-stream; name="WINMAIL.DAT"', 'Content-Transfer-Encoding': 'base64' }, base64(tnef(rendering, title('a.pdf'), data(FILE))))]),
    expected: { text: '本文です。', attachments: [pdf('a.pdf')] },
  },
  {
    name: 'winmail-carries-the-body', about: 'The whole message is a winmail.dat: its text is the text',
    mail: textMail(null, base64(tnef(codePage(932), messageProperties(unicode(0x1000, '本文はこちら\r\nです')), rendering, title('a.pdf'), data(FILE))), { type: 'application/ms-tnef; name="winmail.dat"', encoding: 'base64' }),
    expected: { text: '本文はこちら\nです', preview: '本文はこちら です', attachments: [pdf('a.pdf')] },
  },
  {
    name: 'winmail-carries-html', about: 'The same with HTML',
    mail: textMail(null, base64(tnef(codePage(932), messageProperties(number(0x3fde, 932), binary(0x1013, sjis('<p>表示</p>'))))), { type: 'application/ms-tnef', encoding: 'base64' }),
    expected: { text: null, html: '<p>表示</p>', preview: '表示', attachments: [] },
  },
];
