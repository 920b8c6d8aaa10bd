/** R34: the account name is the user's whole address or its part before the @, and nothing else. */
export function isAccountNameAllowed(accountName: string, address: string): boolean {
  return accountName === address || accountName === address.slice(0, Math.max(0, address.lastIndexOf('@')));
}
