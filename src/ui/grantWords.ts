// ui: what the person sees; speaks the protocol like any other client. This file: what a grant is limited
// to, in words.

import type { GrantListEntry } from '../protocol/kmsOutputs.ts'
import type { Site } from '../protocol/outputs.ts'
import { isSite } from '../protocol/sites.ts'
import { siteWords } from './siteWords.ts'
import { dateWords, t } from './words.ts'

/** A grantee as its origin, where it is one or stands for a connected site. */
export function principalWords(principal: string, sites: readonly Site[]): string {
  if (isSite(principal)) return siteWords(principal)
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1]
  const site = sites.find(({ AccountId }) => AccountId === account)
  return site ? siteWords(site.Origin) : principal
}

const pairs = (context: Readonly<Record<string, string>>): string =>
  Object.entries(context)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')

export function grantWords(grant: GrantListEntry): readonly string[] {
  const {
    Constraints = {},
    UsesLeft,
    ExpiresAt,
    AskEachTime,
    MaySeePlaintext,
    MaySignHashes,
  } = grant
  const { EncryptionContextSubset: some, EncryptionContextEquals: all } = Constraints
  return [
    ...(some ? [t('grant_context_some', [pairs(some)])] : []),
    ...(all ? [t('grant_context_all', [pairs(all)])] : []),
    ...(UsesLeft === undefined ? [] : [t('grant_uses_left', UsesLeft)]),
    ...(ExpiresAt === undefined ? [] : [t('grant_until_words', [dateWords(ExpiresAt)])]),
    ...(AskEachTime ? [t('grant_asks')] : []),
    ...(MaySeePlaintext === false ? [t('grant_hides')] : []),
    ...(MaySignHashes ? [t('grant_signs_hashes')] : []),
  ]
}
