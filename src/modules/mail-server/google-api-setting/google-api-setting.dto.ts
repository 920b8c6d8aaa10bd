import { z } from 'zod';

const NO_SPACES = /^[^\s\p{Cc}]+$/u;
/** As it is copied out of the Cloud console: without what a mouse takes along. */
const copied = z.string().trim().min(1).max(255).regex(NO_SPACES);

/** `PUT /google-api-setting` (R16). */
export const GoogleApiSettingInput = z
  .strictObject({
    clientId: copied,
    clientSecret: copied,
    quotaUnitsPerMinute: z.int().min(600).max(1_200_000).nullable().optional().meta({
      description:
        'Units per minute per user as the Cloud console shows them for the project; not given: those of a project made since May 2026 (6,000)',
    }),
  })
  .meta({ id: 'GoogleApiSettingInput' });
export type GoogleApiSettingInput = z.infer<typeof GoogleApiSettingInput>;

export const GoogleApiSettingResponse = z
  .object({
    clientId: z.string(),
    hasSecret: z.literal(true).meta({ description: 'The secret itself is never shown again' }),
    redirectUri: z.string().meta({ description: 'To be registered with the OAuth client in the Cloud console' }),
    quotaUnitsPerMinute: z.number().optional(),
  })
  .meta({ id: 'GoogleApiSetting' });
export type GoogleApiSettingResponse = z.infer<typeof GoogleApiSettingResponse>;
