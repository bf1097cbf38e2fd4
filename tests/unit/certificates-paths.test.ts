// What a path is worth: which lists are heard of several, and whom an anchor may speak for.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { type Crl, type RevocationReason, readCrl } from '../../src/certificates/crl.ts'
import { makeCrl } from '../../src/certificates/makeCrl.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { day, makeAuthority, makePerson, now } from './documentsPeople.ts'

describe('of several lists that are current', () => {
  async function asked() {
    const authority = await makeAuthority()
    const certificate = readCertificate((await makePerson(authority)).certificate)
    const { serialNumber } = certificate
    const list = async (daysAgo: number, reason?: RevocationReason, revokedAt = now - 4 * day) => {
      const times = { thisUpdate: now - daysAgo * day, nextUpdate: now + day }
      const revoked = reason ? [{ serialNumber, revokedAt, reason }] : []
      return readCrl(await makeCrl(authority, { number: 9 - daysAgo, ...times, revoked }))
    }
    const verdict = async (...crls: readonly Crl[]) => {
      const question = { certificate, others: [], anchors: [authority.certificate], time: now }
      const { reason, revocation } = await checkPath({ ...question, crls })
      const reversed = await checkPath({ ...question, crls: crls.toReversed() })
      expect(reversed.reason).toBe(reason)
      return { reason, of: revocation[0] }
    }
    return { list, verdict }
  }

  test('a newer one that revokes is heard though an older one stands first', async () => {
    const { list, verdict } = await asked()
    const found = await verdict(await list(3), await list(1, 'keyCompromise'))
    expect(found.reason).toBe('revoked')
  })

  test('what was revoked once is revoked, since the earliest time that is named', async () => {
    const { list, verdict } = await asked()
    const [early, late] = [now - 6 * day, now - 5 * day]
    const found = await verdict(
      await list(4, 'keyCompromise', late),
      await list(3, 'superseded', early),
      await list(1),
    )
    expect(found).toMatchObject({ reason: 'revoked', of: { revokedAt: early } })
  })

  test('a hold is lifted by a newer one, and by no older one', async () => {
    const { list, verdict } = await asked()
    const lifted = await verdict(await list(3, 'certificateHold'), await list(1))
    expect(lifted).toMatchObject({ reason: null, of: { status: 'good' } })
    const held = await verdict(await list(3), await list(1, 'certificateHold'))
    expect(held.reason).toBe('revoked')
  })
})
