// protocol: the contract every context speaks. This file: filling a secret into a page. A script is put into the page
// when the person presses "Fill" and not before; it says what fields there are, and gets what is for those alone.
//
//   filler --runtime.sendMessage--> background    Filling -> FillReply
//
// Fields are named by the tokens of HTML's `autocomplete` (HTML section 4.10.18.7).

export const fillTokens = [
  'username',
  'email',
  'current-password',
  'new-password',
  'one-time-code',
  'cc-name',
  'cc-number',
  'cc-exp',
  'cc-exp-month',
  'cc-exp-year',
  'cc-csc',
  'name',
  'given-name',
  'family-name',
  'tel',
  'organization',
  'street-address',
  'address-line1',
  'address-level2',
  'address-level1',
  'postal-code',
  'country',
  'country-name',
  'bday',
] as const
export type FillToken = (typeof fillTokens)[number]

/** `fill`: there are fields for these. `filled`: these hold something now. -> FillReply, once */
export interface Filling {
  readonly keyhearth: 1
  readonly type: 'fill' | 'filled'
  readonly tokens: readonly FillToken[]
}

export interface FillReply {
  readonly values: Readonly<Partial<Record<FillToken, string>>>
}

export const isFillToken = (value: unknown): value is FillToken =>
  fillTokens.some((token) => token === value)

export function isFilling(message: unknown): message is Filling {
  if (typeof message !== 'object' || message === null) return false
  const { keyhearth, type, tokens } = message as Partial<Filling>
  return (
    keyhearth === 1 &&
    (type === 'fill' || type === 'filled') &&
    Array.isArray(tokens) &&
    tokens.length <= fillTokens.length &&
    tokens.every(isFillToken)
  )
}
