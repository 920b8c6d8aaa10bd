import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SandboxSmtp } from './sandbox-smtp.js';

let smtp: SandboxSmtp;
beforeAll(async () => {
  smtp = await SandboxSmtp.start();
});
afterAll(() => smtp.close());

it('takes mail to whom real servers take it for, addresses of carriers included', async () => {
  const to = ['"taro..t."@docomo.example', 'sato@customer.example'];
  const transport = createTransport(smtp.url);
  await transport.sendMail({ envelope: { from: 'a@sample.example', to }, raw: 'Subject: x\r\n\r\ny' });
  transport.close();
  expect(smtp.mails).toMatchObject([{ recipients: to }]);
});
