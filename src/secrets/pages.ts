// secrets: Secrets Manager: secrets, their versions and staging labels. This file: pages of lists.

import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'

const pattern = /^from (\d{1,9})$/

/** @throws KeyhearthError `secret-next-token` */
function startOf(token: string): number {
  try {
    const [, start] = pattern.exec(decodeUtf8(decodeBase64Url(token))) ?? []
    if (start !== undefined) return Number(start)
  } catch {
    // Not base64url: none of ours.
  }
  throw new KeyhearthError('secret-next-token')
}

/** @throws KeyhearthError `secret-next-token` */
export function pageFrom<Item>(
  all: readonly Item[],
  token: string | undefined,
  most: number,
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : startOf(token)
  const end = start + most
  return {
    items: all.slice(start, end),
    next: all.length > end ? { NextToken: encodeBase64Url(encodeUtf8(`from ${end}`)) } : {},
  }
}
