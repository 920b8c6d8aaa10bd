/** Where Google sends the browser back to; the company registers it with its OAuth client, letter by letter. */
export const googleRedirectUri = (publicUrl: string): string => `${publicUrl}/oauth/google/callback`;
