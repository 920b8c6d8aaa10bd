import { type ReceivedMail } from './smtp-receiver.js';

/** What a mail system says about one recipient (RFC 3464, 2.3). */
export interface Verdict {
  readonly recipient: string;
  readonly action: 'failed' | 'delayed' | 'delivered';
  readonly status: string;
}

/** The report that a mail system on the way would write about this mail, to the address in its envelope. */
export function deliveryReport(
  mail: Pick<ReceivedMail, 'from' | 'envelopeId' | 'source'>,
  ...verdicts: Verdict[]
): Buffer {
  const [header = ''] = mail.source.toString('latin1').split('\r\n\r\n', 1);
  return Buffer.from(
    [
      'Return-Path: <>',
      'From: MAILER-DAEMON@mx.customer.example (Mail Delivery System)',
      'Subject: Undelivered Mail Returned to Sender',
      `To: ${mail.from}`,
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
      '',
      '--report',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'This is the mail system at host mx.customer.example.',
      '',
      '--report',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.customer.example',
      `Original-Envelope-Id: ${mail.envelopeId}`,
      ...verdicts.flatMap(({ recipient, action, status }) => [
        '',
        `Final-Recipient: rfc822; ${recipient}`,
        `Action: ${action}`,
        `Status: ${status}`,
      ]),
      '',
      '--report',
      'Content-Type: text/rfc822-headers',
      '',
      header,
      '',
      '--report--',
      '',
    ].join('\r\n'),
    'latin1',
  );
}
