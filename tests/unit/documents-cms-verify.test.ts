// What is signed here is verified here, and refused wherever one byte was altered.

import { expect, test } from 'vitest'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { CmsError } from '../../src/documents/readCms.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { testAlgorithms, testSigner } from './certificatesSigners.ts'

const now = Math.floor(Date.now() / 1000) * 1000
const content = encodeUtf8('what I say')

async function signed(algorithm: (typeof testAlgorithms)[number], detached = true) {
  const signer = await testSigner(algorithm)
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - 1000,
    notAfter: now + 86_400_000,
    subject: [['CN', algorithm]],
  })
  const signers = [{ signer, certificate, chain: [] }]
  return signCms({ signers, content, detached, signingTime: new Date(now) })
}

test.each(testAlgorithms)('a signature by %s is intact', async (algorithm) => {
  const cms = await signed(algorithm)
  const [good] = (await verifyCms({ cms, content })).signers
  expect(good).toMatchObject({ integrity: 'intact', problems: [], signingTime: now })
  const [bad] = (await verifyCms({ cms, content: encodeUtf8('else') })).signers
  expect(bad).toMatchObject({ integrity: 'altered', problems: ['digest-mismatch'] })
  const [unseen] = (await verifyCms({ cms })).signers
  expect(unseen).toMatchObject({ integrity: 'not-checked', problems: ['content-missing'] })
})

test('no byte can be altered unnoticed', async () => {
  const cms = await signed('ECDSA_SHA_256', false)
  const intact: number[] = []
  for (let at = 0; at < cms.byteLength; at++) {
    const bent = cms.slice()
    bent[at] = (bent[at] ?? 0) ^ 0x01
    try {
      const { signers } = await verifyCms({ cms: bent })
      const isSilent = signers.every(
        (one) => one.integrity === 'intact' && one.problems.length === 0,
      )
      if (signers.length > 0 && isSilent) intact.push(at)
    } catch (error) {
      expect(error).toBeInstanceOf(CmsError)
    }
  }
  expect(intact).toEqual([])
  const [{ integrity } = { integrity: null }] = (await verifyCms({ cms })).signers
  expect(integrity).toBe('intact')
})
