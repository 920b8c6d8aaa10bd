import { type Role } from '../platform/security/index.js';

/** Somebody at the sample company. */
export interface SamplePerson {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly position?: 'executive';
  readonly additional_address_1?: string;
}

export const SAMPLE_COMPANY = 'sample';
export const SAMPLE_DOMAIN = 'sample.example';
/** Of every sample mailbox: it opens nothing but made-up mail on this machine. */
export const SAMPLE_PASSWORD = 'sandbox';

const at = (name: string): string => `${name}@${SAMPLE_DOMAIN}`;

export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  { userId: 'hanako', name: '管理 花子', email: at('hanako'), roles: ['admin', 'auditor'] },
  { userId: 'taro', name: '営業 太郎', email: at('taro'), roles: [], additional_address_1: at('saiyo') },
  { userId: 'jiro', name: '社長 次郎', email: at('jiro'), roles: [], position: 'executive' },
  { userId: 'misaki', name: '人事 美咲', email: at('misaki'), roles: [] },
];
