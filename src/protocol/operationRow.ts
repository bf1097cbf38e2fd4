// protocol: the contract every context speaks. This file: what the table says of an operation.
//
// callers   who may name the operation at all: `extension` = Keyhearth's own pages (the person),
//           `page` = a web page through the relay. The gate still decides on rights and accounts.
// right     what a page must have been granted (design section 4); absent where no page may call.
// unlocked  whether the vault must be open. A page then waits for the person to unlock.
// mutates   runs alone: state is read, changed and committed with no other mutation between.
// record    members of the request that the trail keeps. Never plaintext, passphrases or key material.
//           `null`: not recorded (reading one's own screen state is no event), but for a page's try.
// respond   members of the answer that the trail keeps, by the same rule; absent: none.
// reveals   its answer holds plaintext or key bytes, which a grant can keep from the grantee.
// goesOn    the member that makes a request the next page of an earlier one, which was the event.

export interface OperationRow {
  readonly callers: readonly ('extension' | 'page')[]
  readonly right?: Right
  readonly unlocked: boolean
  readonly mutates: boolean
  readonly record: readonly string[] | null
  readonly respond?: readonly string[]
  readonly reveals?: true
  readonly goesOn?: string
}

export const rights = ['messages', 'keys', 'secrets', 'sign'] as const
export type Right = (typeof rights)[number]

export const reads = { unlocked: true, mutates: false } as const
export const changes = { unlocked: true, mutates: true } as const
