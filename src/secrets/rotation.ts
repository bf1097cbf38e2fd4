// secrets: Secrets Manager: secrets, their versions and staging labels. This file: rotation in AWS's four
// steps (create, set, test, finish), where AWS calls a Lambda function and Keyhearth a hook:
//
// new-password  makes a version with a new password (create) and reminds the person, who sets it where it is
//               used (set), sees that it works (test), and says so (finish).
// page          is the site's own page: it is told by the event `rotate`, finds an AWSPENDING version without a
//               value, and does the four steps by PutSecretValue and UpdateSecretVersionStage.

import type { Context, Handler } from '../hsm/context.ts'
import { type Item, readSecretString, writeSecretString } from '../items/item.ts'
import { randomPassword } from '../items/randomPassword.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { changed, removeVersions, withLabels, withValue } from './changing.ts'
import { stageChanged } from './due.ts'
import { liveSecretFor, secretFor } from './find.ts'
import {
  addVersion,
  byVersionId,
  current,
  moveStage,
  pendingStage,
  waitingVersion,
  withStage,
} from './labels.ts'
import { type Rotation, refOf, type SecretRecord, type VersionSummary } from './records.ts'
import { assertHeldHere } from './regions.ts'
import { planned } from './schedule.ts'
import { openValue, textValue } from './values.ts'

const hookPattern = /^arn:aws:lambda:browser-1:\d{12}:function:(new-password|page)$/

type Hook = 'new-password' | 'page'

const request = (what: string) => new KeyhearthError('secret-request', { what })

/** @throws KeyhearthError `secret-invalid` */
function hookOf(arn: string): Hook {
  const [, name] = hookPattern.exec(arn) ?? []
  if (name === 'new-password' || name === 'page') return name
  throw new KeyhearthError('secret-invalid', {
    what: 'RotationLambdaARN is arn:aws:lambda:browser-1:<account>:function:new-password, or :page',
  })
}

type Rules = NonNullable<Input<'secretsmanager:RotateSecret'>['RotationRules']>

function withRules(before: Rotation | null, hook: string, rules: Rules | undefined): Rotation {
  if (rules?.AutomaticallyAfterDays !== undefined && rules.ScheduleExpression !== undefined) {
    throw new KeyhearthError('secret-invalid', {
      what: 'Give either AutomaticallyAfterDays or ScheduleExpression, not both',
    })
  }
  const kept = rules ?? {
    ...(before?.afterDays ? { AutomaticallyAfterDays: before.afterDays } : {}),
    ...(before?.schedule ? { ScheduleExpression: before.schedule } : {}),
    ...(before?.duration ? { Duration: before.duration } : {}),
  }
  return {
    enabled: true,
    hook,
    afterDays: kept.AutomaticallyAfterDays ?? null,
    schedule: kept.ScheduleExpression ?? null,
    duration: kept.Duration ?? null,
    lastAt: before?.lastAt ?? null,
    nextAt: null,
  }
}

/**
 * One rotation at a time (API reference, RotateSecret): begun again by its own token, it goes on.
 *
 * @throws KeyhearthError `secret-request`
 */
function assertMayRotate(secret: SecretRecord, token: string): void {
  const waiting = waitingVersion(secret)
  if (waiting && waiting.versionId !== token) {
    throw request('A previous rotation isn’t complete. Finish it first, or cancel it')
  }
  if (!waiting && byVersionId(secret.versions, token)) {
    throw request('The ClientRequestToken is that of a version which is there already')
  }
}

export const rotateSecret: Handler<'secretsmanager:RotateSecret'> = async (context, input) => {
  const secret = await liveSecretFor(context, input.SecretId, 'secretsmanager:RotateSecret')
  assertHeldHere(input)
  const hook = input.RotationLambdaARN || secret.rotation?.hook
  if (!hook) throw request('No rotation hook is associated with this secret')
  const rules = withRules(secret.rotation, hook, input.RotationRules)
  const ruled = changed(context, secret, { rotation: planned(rules, context.now) })
  const versionId = input.ClientRequestToken ?? crypto.randomUUID()
  assertMayRotate(secret, versionId)
  hookOf(hook)
  if (input.RotateImmediately === false) {
    await stageChanged(context, [ruled])
    return refOf(secret)
  }
  await stageChanged(context, [await begun(context, ruled, hookOf(hook), versionId)])
  return { ...refOf(secret), VersionId: versionId }
}

/** With the version that a rotation makes. One that is under way is gone on with: it has its version already. */
async function begun(
  context: Context,
  secret: SecretRecord,
  hook: Hook,
  versionId: string,
): Promise<SecretRecord> {
  if (waitingVersion(secret)) return secret
  if (hook === 'page') {
    const empty = { versionId, createdAt: context.now, keyId: '', revision: 0 }
    return withLabels(context, secret, addVersion(secret.versions, empty, [pendingStage]))
  }
  const value = textValue(await withNewPassword(context, secret))
  return withValue(context, secret, versionId, value, [pendingStage])
}

/** The present value with another password in it. */
async function withNewPassword(context: Context, secret: SecretRecord): Promise<string> {
  const version = withStage(secret.versions, current)
  const value = version && (await openValue(context, secret, version))
  if (value?.kind !== 'string') throw request('The secret holds no text that could be rotated')
  const made = randomPassword()
  if ('problem' in made) throw new KeyhearthError('internal')
  const { password } = made
  const facts = { title: secret.facts.title, tags: [], favourite: false }
  const item = readSecretString(value.text, facts)
  return written(item, password) ?? inForeignJson(value.text, password) ?? password
}

function written(item: Item, password: string): string | null {
  const field = item.kind === 'api-key' ? 'key' : 'password'
  if (item.kind !== 'login' && item.kind !== 'api-key') return null
  return writeSecretString({ ...item, fields: { ...item.fields, [field]: password } })
}

/** As AWS's own rotation functions: the member `password` of a JSON object, all others as they are. */
function inForeignJson(text: string, password: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('password' in value)) return null
    return JSON.stringify({ ...value, password })
  } catch {
    return null
  }
}

/** The person has set the new password where it is used. */
export const finishRotation: Handler<'keyhearth:FinishRotation'> = async (
  context,
  { SecretId },
) => {
  const secret = await liveSecretFor(context, SecretId, 'secretsmanager:UpdateSecretVersionStage')
  const waiting = waitingVersion(secret)
  const holder = withStage(secret.versions, current)
  if (!waiting) throw request('No rotation is under way')
  const move = {
    stage: current,
    to: waiting.versionId,
    ...(holder ? { from: holder.versionId } : {}),
  }
  const moved = moveStage(secret.versions, move)
  const labelled = moveStage(moved, { stage: pendingStage, from: waiting.versionId })
  await stageChanged(context, [await withLabels(context, secret, labelled)])
  return {}
}

/**
 * Ends the schedule, and takes AWSPENDING off (CancelRotateSecret). AWS leaves it on; here nobody else would take it
 * off, and the next rotation would be refused. What the rotation made goes with it; a version that has another label
 * is not of its making, or is in use by now.
 */
export const cancelRotateSecret: Handler<'secretsmanager:CancelRotateSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await liveSecretFor(context, SecretId, 'secretsmanager:CancelRotateSecret')
  if (!secret.rotation) throw request('No rotation is set up for this secret')
  const waiting = waitingVersion(secret)
  const rotation = { ...secret.rotation, enabled: false, nextAt: null }
  const kept = withoutPending(context, secret)
  await stageChanged(context, [changed(context, secret, { rotation, versions: kept })])
  return { ...refOf(secret), ...(waiting ? { VersionId: waiting.versionId } : {}) }
}

function withoutPending(context: Context, secret: SecretRecord): readonly VersionSummary[] {
  const holder = withStage(secret.versions, pendingStage)
  if (!holder) return secret.versions
  if (holder.stages.length > 1) {
    return moveStage(secret.versions, { stage: pendingStage, from: holder.versionId })
  }
  const kept = secret.versions.filter((version) => version !== holder)
  removeVersions(context, secret, [holder], kept)
  return kept
}

/** Its day has come. One that is still under way waits for the person, or the page, another day. */
export const rotateDueSecret: Handler<'keyhearth:RotateDueSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await secretFor(context, SecretId, 'secretsmanager:RotateSecret')
  const { rotation } = secret
  if (!rotation?.enabled || rotation.nextAt === null || rotation.nextAt > context.now) return {}
  const ruled = changed(context, secret, { rotation: planned(rotation, context.now) })
  const next = await begun(context, ruled, hookOf(rotation.hook), crypto.randomUUID())
  await stageChanged(context, [next])
  return {}
}
