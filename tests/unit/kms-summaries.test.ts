// What the person's own screens show of keys: those of every account, without an event for each look, and
// nothing to a page.

import { expect, test } from 'vitest'
import { Background, consent, page } from './background.ts'

const origin = 'https://mail.example.com'

/** A site that was connected once, made its key, and is connected no more. */
async function formerSite(background: Background): Promise<void> {
  const site = page(origin)
  const { RequestId } = await background.requests.add(site, 'connect', ['messages'], Date.now())
  await background.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
  await background.call('keyhearth:RevokeSite', { Origin: origin })
}

test('keys of every account are listed, also of a site that is connected no more', async () => {
  const background = await Background.withVault()
  await formerSite(background)
  const { KeyMetadata: made } = await background.call('kms:CreateKey', { Description: 'mine' })
  await background.call('kms:CreateAlias', { AliasName: 'alias/b', TargetKeyId: made.KeyId })
  await background.call('kms:Encrypt', { KeyId: made.KeyId, Plaintext: Uint8Array.of(1) })
  const { Keys } = await background.call('keyhearth:ListKeySummaries', {})
  expect(new Set(Keys.map(({ AWSAccountId }) => AWSAccountId)).size).toBe(2)
  const named = Keys.flatMap(({ Aliases }) => Aliases).sort()
  expect(named).toEqual(['alias/b', 'alias/personal', 'alias/site'])
  const mine = Keys.find(({ KeyId }) => KeyId === made.KeyId)
  expect(mine).toMatchObject({ Arn: made.Arn, Description: 'mine', KeyState: 'Enabled' })
  expect(mine?.LastUsedAt).toBeCloseTo(Date.now() / 1000, -1)
  expect(Keys.filter(({ LastUsedAt }) => LastUsedAt === null)).toHaveLength(2)
})

test('looking leaves no event; a key that is gone is not shown', async () => {
  const background = await Background.withVault()
  const spec = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const
  const Tags = [{ TagKey: 'project', TagValue: 'hearth' }]
  const { KeyMetadata } = await background.call('kms:CreateKey', { ...spec, Tags })
  const { KeyId } = KeyMetadata
  const events = async () => (await background.call('keyhearth:ListEvents', {})).Events.length
  const before = await events()
  const seen = await background.call('keyhearth:ViewKey', { KeyId })
  await background.call('keyhearth:ListKeySummaries', {})
  expect(await events()).toBe(before)
  expect(seen).toMatchObject({ KeyMetadata, Tags })
  const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
  expect(seen.PublicKey).toEqual(PublicKey)
  const gone = { KeyId: KeyId.replaceAll(/[0-9]/g, '0') }
  expect(await background.refusal('keyhearth:ViewKey', gone)).toBe('key-not-found')
})

test('a page sees neither', async () => {
  const background = await Background.withVault()
  for (const operation of ['keyhearth:ListKeySummaries', 'keyhearth:ViewKey'] as const) {
    expect(await background.refusal(operation, { KeyId: 'alias/x' }, page(origin))).not.toBe('none')
  }
})
