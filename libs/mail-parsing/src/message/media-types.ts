const byExtension: ReadonlyMap<string, string> = new Map([
  ['txt', 'text/plain'],
  ['html', 'text/html'],
  ['csv', 'text/csv'],
  ['ics', 'text/calendar'],
  ['vcf', 'text/vcard'],
  ['eml', 'message/rfc822'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['tif', 'image/tiff'],
  ['bmp', 'image/bmp'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['mp3', 'audio/mpeg'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
  ['pdf', 'application/pdf'],
  ['zip', 'application/zip'],
  ['json', 'application/json'],
  ['rtf', 'application/rtf'],
  ['p7s', 'application/pkcs7-signature'],
  ['p7m', 'application/pkcs7-mime'],
  ['asc', 'application/pgp-signature'],
  ['doc', 'application/msword'],
  ['xls', 'application/vnd.ms-excel'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]);

const synonyms: ReadonlyMap<string, string> = new Map([
  ['text/x-vcard', 'vcf'],
  ['text/rfc822-headers', 'txt'],
  ['message/delivery-status', 'txt'],
  ['message/disposition-notification', 'txt'],
  ['application/x-pkcs7-signature', 'p7s'],
  ['application/x-pkcs7-mime', 'p7m'],
]);
const byType = new Map([...byExtension].map(([extension, type]) => [type, extension]));

/** The extension that files of a media type usually have, without the dot; `bin` for types not known here. */
export function extensionOf(type: string): string {
  return byType.get(type) ?? synonyms.get(type) ?? 'bin';
}

/** The media type of a file by its name's extension; application/octet-stream for those not known here. */
export function mediaTypeOf(name: string | null): string {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  return byExtension.get(extension === 'jpeg' ? 'jpg' : extension) ?? 'application/octet-stream';
}
