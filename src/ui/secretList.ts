// ui: what the person sees; speaks the protocol like any other client. This file: the person's secrets
// as a list, and what changes them. A secret's title on the screen may be any text; Secrets Manager's
// Name may not, so the title is a tag and the Name is made from it once.

import { effect, signal } from '@preact/signals'
import { KeyhearthError } from '../protocol/errors.ts'
import type { SecretListEntry } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { status } from './status.ts'

const titleTag = 'keyhearth:title'
/** What a tag and a description hold, in characters (TagResource, CreateSecret). */
export const longestTitle = 256
export const longestNotes = 2048

export interface SecretSummary {
  readonly arn: string
  readonly title: string
  readonly notes: string
  readonly deleted: boolean
}

/** What a form holds. */
export interface SecretDraft {
  readonly title: string
  readonly value: string
  readonly notes: string
}

export const secretList = signal<readonly SecretSummary[] | null>(null)

// Whoever locks the vault, this window or another, no title stays behind in this one.
effect(() => {
  if (status.value?.Vault !== 'unlocked') secretList.value = null
})

const summaryOf = (entry: SecretListEntry): SecretSummary => ({
  arn: entry.ARN,
  title: entry.Tags.find(({ Key }) => Key === titleTag)?.Value ?? entry.Name,
  notes: entry.Description ?? '',
  deleted: entry.DeletedDate !== undefined,
})

export async function loadSecrets(): Promise<void> {
  const entries: SecretListEntry[] = []
  let NextToken: string | undefined
  do {
    const page = await call('secretsmanager:ListSecrets', {
      IncludePlannedDeletion: true,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    entries.push(...page.SecretList)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  const collator = new Intl.Collator()
  secretList.value = entries
    .map(summaryOf)
    .sort((left, right) => collator.compare(left.title, right.title))
}

/** Every word typed must stand somewhere in title or notes. Pure. */
export function matchSecrets(
  all: readonly SecretSummary[],
  query: string,
): readonly SecretSummary[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return all.filter(({ title, notes }) => {
    const text = `${title}\n${notes}`.toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** A title as Secrets Manager takes a Name: letters, digits and /_+=.@- (CreateSecret, Name). Pure. */
export function nameFrom(title: string): string {
  if (/^[\w/+=.@-]{1,256}$/.test(title)) return title
  const plain = title.normalize('NFKD').replace(/\p{Mark}/gu, '')
  const slug = plain.replace(/[^\w/+=.@-]+/g, '-').replace(/^-+|-+$/g, '')
  return slug.slice(0, 200) || 'secret'
}

const titled = (title: string) => [{ Key: titleTag, Value: title }]

export async function createSecret({ title, value, notes }: SecretDraft): Promise<void> {
  const base = nameFrom(title)
  for (let attempt = 1; ; attempt++) {
    try {
      await call('secretsmanager:CreateSecret', {
        Name: attempt === 1 ? base : `${base}-${attempt}`,
        SecretString: value,
        Description: notes,
        Tags: titled(title),
      })
      return loadSecrets()
    } catch (error) {
      if (!isTaken(error) || attempt === 1000) throw error
    }
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof KeyhearthError &&
  (error.reason === 'secret-exists' || error.reason === 'secret-deleted')

export async function updateSecret(
  { arn, title, notes }: SecretSummary,
  before: string,
  draft: SecretDraft,
): Promise<void> {
  if (draft.title !== title) {
    await call('secretsmanager:TagResource', { SecretId: arn, Tags: titled(draft.title) })
  }
  if (draft.value !== before || draft.notes !== notes) {
    await call('secretsmanager:UpdateSecret', {
      SecretId: arn,
      Description: draft.notes,
      ...(draft.value === before ? {} : { SecretString: draft.value }),
    })
  }
  await loadSecrets()
}

export async function readSecret({ arn }: SecretSummary): Promise<string> {
  const { SecretString } = await call('secretsmanager:GetSecretValue', { SecretId: arn })
  return SecretString ?? ''
}

export async function deleteSecret({ arn }: SecretSummary): Promise<void> {
  await call('secretsmanager:DeleteSecret', { SecretId: arn, RecoveryWindowInDays: 30 })
  await loadSecrets()
}

export async function restoreSecret({ arn }: SecretSummary): Promise<void> {
  await call('secretsmanager:RestoreSecret', { SecretId: arn })
  await loadSecrets()
}
