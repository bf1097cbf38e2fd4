// ui: what the person sees; speaks the protocol like any other client. This file: an event of the trail as
// a sentence: who did, or tried, what to what.

import type { TrailEvent } from '../protocol/outputs.ts'
import type { Result } from './activityFilter.ts'
import type { KeyRow } from './keyList.ts'
import { hostWords } from './siteWords.ts'
import { t } from './words.ts'

export interface EventSentence {
  readonly who: string
  /** Around the thing it was done to. */
  readonly before: string
  readonly after: string
  /** `null` where the sentence has no such thing. */
  readonly what: EventObject | null
}

export interface EventObject {
  readonly words: string
  /** Of a key in this vault, to lead there. */
  readonly keyId: string | null
}

export const resultOf = ({ errorCode }: TrailEvent): Result => {
  if (errorCode === undefined) return 'ok'
  return errorCode === 'AccessDeniedException' ? 'refused' : 'failed'
}

/** Who fails at these has not shown to be the person. */
const identifying: ReadonlySet<string> = new Set(['Unlock', 'RecoverVault'])

function whoOf(event: TrailEvent): string {
  const { type, origin } = event.userIdentity
  if (origin !== undefined) return hostWords(origin)
  if (type === 'AWSService') return t('activity_keyhearth')
  const unknown = identifying.has(event.eventName) && resultOf(event) !== 'ok'
  return unknown ? t('activity_somebody') : t('activity_you')
}

/** `kms`, `secretsmanager` or `keyhearth`. */
const serviceOf = ({ eventSource }: TrailEvent): string => eventSource.split('.')[0] ?? ''

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

function whatOf(event: TrailEvent, keys: readonly KeyRow[]): EventObject {
  if (isAboutSecret(event)) return { words: secretWords(event), keyId: null }
  const arn = event.resources.find(({ type }) => type === 'AWS::KMS::Key')?.ARN
  const key = keys.find(({ Arn }) => Arn === arn)
  if (key) return { words: key.name, keyId: key.KeyId }
  const asked = arn ?? textOf(event.requestParameters?.['KeyId'])
  return { words: asked?.replace(/^arn:.*:(?:key\/)?/, '') ?? t('activity_some_key'), keyId: null }
}

/** Looking at an item uses a key as well, which is not what the person did. */
const isAboutSecret = (event: TrailEvent): boolean =>
  serviceOf(event) === 'secretsmanager' ||
  (serviceOf(event) === 'keyhearth' &&
    event.resources.some(({ type }) => type === 'AWS::SecretsManager::Secret'))

function secretWords({ resources, requestParameters }: TrailEvent): string {
  const arn = resources.find(({ type }) => type === 'AWS::SecretsManager::Secret')?.ARN
  const asked = requestParameters?.['Name'] ?? requestParameters?.['SecretId']
  // Behind the name stand a dash and six characters that Secrets Manager adds.
  const name = arn?.replace(/^.*:secret:/, '').replace(/-\w{6}$/, '') ?? textOf(asked)
  return name === null ? t('activity_some_secret') : t('activity_secret', [name])
}

/** Stands for the thing while the words are looked up. */
const place = '\ufffc'

export function sentenceOf(event: TrailEvent, keys: readonly KeyRow[]): EventSentence {
  const kind = resultOf(event) === 'ok' ? 'event' : 'tried'
  const name = `${kind}_${serviceOf(event)}_${event.eventName}`
  // Events of a later Keyhearth, whose words this one does not have.
  const words = t(name as never, [place] as never) || t('activity_unknown', [event.eventName])
  const [before = '', after] = words.split(place)
  const what = after === undefined ? null : whatOf(event, keys)
  return { who: whoOf(event), before, after: after ?? '', what }
}
