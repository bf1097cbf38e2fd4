// NIST's Public Key Interoperability Test Suite: every path is judged as it should be.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Certificate, readCertificate } from '../../src/certificates/certificate.ts'
import { type Crl, readCrl } from '../../src/certificates/crl.ts'
import { CertificateError } from '../../src/certificates/errors.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { describeVectors, readVector, readVectorJson, vectorsFolder } from './folder.ts'

const folder = 'documents/pkits'

interface Case {
  readonly id: string
  readonly name: string
  readonly cert: string
  readonly other_certs?: readonly string[]
  readonly crls?: readonly string[]
  readonly error?: { readonly msg_regex: string }
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[]
    readonly initial_explicit_policy?: boolean
    readonly initial_policy_mapping_inhibit?: boolean
    readonly initial_any_policy_inhibit?: boolean
  }
}

const certificate = (name: string): Certificate =>
  readCertificate(readVector(`${folder}/certs/${name}`))
const crl = (name: string): Crl => readCrl(readVector(`${folder}/crls/${name}`))
/** What the suite's words for each failure are called here. */
const reasons: readonly (readonly [words: RegExp, reason: RegExp])[] = [
  // Here it is the signer of the list that was revoked.
  [/CRL issuer certificate path/, /^revocation-unknown$/],
  [/was revoked/, /^revoked$/],
  [
    /revocation checks failed: CRL signature|signature of .* could not/,
    /^bad-signature$|whole|left over/,
  ],
  [/revocation/, /^revocation-unknown$/],
  [/policy mapping for the "any policy"/, /^bad-policy-mapping$/],
  [/unsupported critical extension/, /^unknown-critical-extension$/],
  [/expired/, /^expired$/],
  [/is not valid until/, /^not-yet-valid$/],
  [/is not a CA/, /^not-a-ca$/],
  [/not allowed to sign/, /^may-not-sign-certificates$/],
  [/issuer name could not be matched/, /^no-path$/],
  [/exceeds the maximum path length/, /^path-too-long$/],
  [/names of/, /^names-not-permitted$/],
  [/no valid set of policies/, /^no-accepted-policy$/],
]

/** DSA is signed with SHA-1 there. */
const usesDsa = /dsa/i

async function outcome({ name, cert, other_certs = [], crls = [], params = {} }: Case) {
  try {
    const verdict = await checkPath({
      certificate: certificate(cert),
      others: other_certs.map(certificate),
      anchors: [certificate('TrustAnchorRootCertificate.crt')],
      crls: [crl('TrustAnchorRootCRL.crl'), ...crls.map(crl)],
      revocation: 'required',
      time: Date.UTC(2020, 0, 1),
      allowInsecureSha1: usesDsa.test(name),
      allowWeakKeys: usesDsa.test(name),
      ...(params.user_initial_policy_set ? { policies: params.user_initial_policy_set } : {}),
      requireExplicitPolicy: params.initial_explicit_policy ?? false,
      inhibitPolicyMapping: params.initial_policy_mapping_inhibit ?? false,
      inhibitAnyPolicy: params.initial_any_policy_inhibit ?? false,
    })
    return verdict.reason ?? 'good'
  } catch (error) {
    // A certificate that is not even well formed.
    if (error instanceof CertificateError) return error.message
    throw error
  }
}

describeVectors(folder, () => {
  const cases = readVectorJson<readonly Case[]>(`${folder}/pkits.json`)

  test('holds all 246', () => {
    expect(cases).toHaveLength(246)
  })

  test.each(cases)('$id $name', async (one) => {
    const found = await outcome(one)
    const words = one.error?.msg_regex
    const [, reason] = words
      ? (reasons.find(([known]) => known.test(words)) ?? [])
      : [null, /^good$/]
    if (!reason) throw new Error(`no reason for: ${words}`)
    expect(found).toMatch(reason)
  })

  // Their signatures were broken by a bit that no whole byte has.
  const misshapen = [
    'BadSignedCACert.crt',
    'InvalidDSASignatureTest6EE.crt',
    'BadCRLSignatureCACRL.crl',
  ]

  test('every certificate and list but three is read', () => {
    const broken = ['certs', 'crls'].flatMap((kind) =>
      readdirSync(join(vectorsFolder, folder, kind)).filter((name) => {
        try {
          kind === 'certs' ? certificate(name) : crl(name)
          return false
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateError)
          return true
        }
      }),
    )
    expect(broken).toEqual(misshapen)
  })
})
