// The trail's head is kept in memory between commits. Where another worker wrote meanwhile, after all, its
// events stay, and ours follow them.

import { expect, test } from 'vitest'
import { SecurityModule } from '../../src/hsm/module.ts'
import { commit } from '../../src/store/commit.ts'
import { Database } from '../../src/store/database.ts'
import { prepareEvent } from '../../src/trail/recording.ts'
import type { SealedEvent } from '../../src/trail/sealing.ts'
import { Background } from './background.ts'

const event = (eventID: string) => ({ eventID }) as SealedEvent

async function append(hsm: SecurityModule, eventID: string): Promise<void> {
  await commit(hsm.db, [], await prepareEvent(hsm, hsm.opened.vault, event(eventID)))
}

test('two workers write in turns and at once, and the trail is one whole chain', async () => {
  const vault = await Background.withVault()
  const memory = { session: vault.session, local: vault.local }
  const database = new Database(vault.db.name)
  const other = await SecurityModule.start(database, memory)
  const before = await vault.db.count('trail')
  await append(vault.hsm, 'a1')
  await append(other, 'b1')
  await append(vault.hsm, 'a2')
  await append(other, 'b2')
  await Promise.all([append(vault.hsm, 'a3'), append(other, 'b3'), append(vault.hsm, 'a4')])
  expect(await vault.db.count('trail')).toBe(before + 7)
  expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
    Intact: true,
    Problem: null,
  })
  await database.close()
})
