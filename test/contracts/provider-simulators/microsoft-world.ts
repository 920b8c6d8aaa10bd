import { MicrosoftSimulator, simulatorAuthority, type MicrosoftSeed } from '@libs/provider-simulators';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

export const CLIENT_ID = '11111111-1111-4111-8111-111111111111';
export const CLIENT_SECRET = 'simulated-secret~1';
export const REDIRECT = 'http://localhost:9/oauth/office365/callback';
export const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
/** Its users may not consent themselves, as in most tenants since late 2025. */
export const STRICT_TENANT = 'aaaaaaaa-0000-4000-8000-000000000002';
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

const id = (n: number): string => `bbbbbbbb-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Two companies and a personal account; every kind of account that the consent has to tell apart. */
export const microsoftSeed: MicrosoftSeed = {
  apps: [{ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }],
  tenants: [
    {
      id: TENANT,
      name: 'Sample',
      users: [
        { id: id(1), userPrincipalName: 'taro@sample.example', displayName: '営業 太郎' },
        { id: id(2), userPrincipalName: 'jiro@sample.example', displayName: '社長 次郎' },
        {
          id: id(3),
          userPrincipalName: 'misaki@sample.onmicrosoft.example',
          mail: 'misaki@sample.example',
          displayName: '人事 美咲',
        },
        { id: id(4), userPrincipalName: 'apps@sample.example', displayName: 'Apps だけ', mailbox: 'none' },
      ],
    },
    {
      id: STRICT_TENANT,
      name: 'Strict',
      consent: 'admins',
      users: [
        { id: id(11), userPrincipalName: 'boss@strict.example', displayName: '管理者', administrator: true },
        { id: id(12), userPrincipalName: 'taro@strict.example', displayName: '営業 太郎' },
        { id: id(13), userPrincipalName: 'jiro@strict.example', displayName: '次郎' },
      ],
    },
    {
      id: PERSONAL_TENANT,
      name: 'Personal',
      users: [{ id: id(21), userPrincipalName: 'taro@outlook.example', displayName: '太郎（個人）' }],
    },
  ],
};

/** A simulator that this process trusts. */
export async function startMicrosoft(randomSeed?: number): Promise<{ simulator: MicrosoftSimulator; ca: string }> {
  const authority = await simulatorAuthority();
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const simulator = await MicrosoftSimulator.start({
    seed: microsoftSeed,
    authority,
    ...(randomSeed !== undefined && { randomSeed }),
  });
  return { simulator, ca: authority.certificate };
}
