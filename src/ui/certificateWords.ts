// ui: what the person sees; speaks the protocol like any other client. This file: certificates in words a person
// understands: names, validity, purposes, extensions, weaknesses.

import {
  type Certificate,
  type CertificateExtensions,
  type ExtendedKeyUsage,
  extendedKeyUsages,
  type GeneralName,
  generalNameText,
  isSelfIssued,
  type KeyUsage,
  type Name,
  nameOf,
  type PublicKey,
  type Weakness,
} from '../certificates/index.ts'
import { encodeHex } from '../codec/text.ts'
import { dayWords, t } from './words.ts'

/** The one part of a name that people go by. */
export const nameWords = (name: Name): string => nameOf(name) || t('certificates_no_name')

export const issuerWords = (certificate: Certificate): string =>
  isSelfIssued(certificate) ? t('certificates_by_itself') : nameWords(certificate.issuer)

const attributeWords: ReadonlyMap<string, string> = new Map([
  ['CN', t('certificates_part_name')],
  ['emailAddress', t('certificates_part_email')],
  ['O', t('certificates_part_organisation')],
  ['OU', t('certificates_part_unit')],
  ['L', t('certificates_part_place')],
  ['ST', t('certificates_part_state')],
  ['C', t('certificates_part_country')],
])

/** All parts of a name, the most particular first. */
export const wholeName = ({ attributes }: Name): string =>
  attributes
    .toReversed()
    .map(({ type, value }) => `${attributeWords.get(type) ?? type}: ${value ?? '…'}`)
    .join('; ') || t('certificates_no_name')

const kindNames = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ec: 'ECC',
  dsa: 'DSA',
  ed25519: 'Ed25519',
  x25519: 'X25519',
  'ml-dsa-44': 'ML-DSA-44',
  'ml-dsa-65': 'ML-DSA-65',
  'ml-dsa-87': 'ML-DSA-87',
  'ml-kem-512': 'ML-KEM-512',
  'ml-kem-768': 'ML-KEM-768',
  'ml-kem-1024': 'ML-KEM-1024',
} as const

export function kindWords({ kind, bits, curve, algorithm }: PublicKey): string {
  if (kind === 'unknown') return algorithm.oid
  if (kind === 'ec') return curve === null ? 'ECC' : `ECC ${curve}`
  const isSized = kind === 'rsa' || kind === 'rsa-pss' || kind === 'dsa'
  return isSized ? `${kindNames[kind]} ${bits}` : kindNames[kind]
}

export type Validity = 'valid' | 'soon' | 'expired' | 'not-yet'

const soonMs = 30 * 24 * 60 * 60 * 1000

/** @param now ms since 1970. Pure. */
export function validityOf(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  now: number,
): Validity {
  if (now > notAfter) return 'expired'
  if (now < notBefore) return 'not-yet'
  return notAfter - now < soonMs ? 'soon' : 'valid'
}

export const validityWords = {
  valid: t('certificates_valid'),
  soon: t('certificates_soon'),
  expired: t('certificates_expired'),
  'not-yet': t('certificates_not_yet'),
} as const satisfies Record<Validity, string>

export const weaknessWords = {
  md5: t('certificates_weak_md5'),
  'sha-1': t('certificates_weak_sha1'),
  'rsa-below-2048': t('certificates_weak_rsa'),
  dsa: t('certificates_weak_dsa'),
  'curve-not-known': t('certificates_weak_curve'),
  'key-not-known': t('certificates_weak_key'),
} as const satisfies Record<Weakness, string>

export const keyUsageWords = {
  digitalSignature: t('certificates_usage_sign'),
  nonRepudiation: t('certificates_usage_commit'),
  keyEncipherment: t('certificates_usage_wrap'),
  dataEncipherment: t('certificates_usage_encrypt'),
  keyAgreement: t('certificates_usage_agree'),
  keyCertSign: t('certificates_usage_issue'),
  cRLSign: t('certificates_usage_revoke'),
  encipherOnly: t('certificates_usage_encipher'),
  decipherOnly: t('certificates_usage_decipher'),
} as const satisfies Record<KeyUsage, string>

export const purposeWords = {
  any: t('certificates_for_any'),
  serverAuth: t('certificates_for_servers'),
  clientAuth: t('certificates_for_clients'),
  codeSigning: t('certificates_for_code'),
  emailProtection: t('certificates_for_mail'),
  timeStamping: t('certificates_for_time'),
  ocspSigning: t('certificates_for_ocsp'),
  documentSigning: t('certificates_for_documents'),
  adobeDocumentSigning: t('certificates_for_documents_adobe'),
  microsoftDocumentSigning: t('certificates_for_documents_microsoft'),
} as const satisfies Record<ExtendedKeyUsage, string>

const purposeOfOid: ReadonlyMap<string, ExtendedKeyUsage> = new Map(
  Object.entries(extendedKeyUsages).map(([name, oid]) => [oid, name as ExtendedKeyUsage]),
)

const purposesWords = (oids: readonly string[]): string =>
  list(
    oids.map((oid) => {
      const purpose = purposeOfOid.get(oid)
      return purpose ? purposeWords[purpose] : oid
    }),
  )

/** With what a name is of, where its text does not show it. */
const namesWords = (names: readonly GeneralName[]): string => list(names.map(generalNameText))

const list = (words: readonly string[]): string => words.join(', ')

interface Fact {
  readonly label: string
  readonly words: string
  /** Who does not understand it must refuse the certificate (RFC 5280 section 4.2). */
  readonly critical: boolean
}

type ExtensionRow = readonly [
  oid: string,
  label: string,
  words: (extensions: CertificateExtensions) => string | null | undefined,
]

/** What to say of each extension (RFC 5280 section 4.2). */
const rows: readonly ExtensionRow[] = [
  ['2.5.29.19', t('certificates_ext_ca'), ({ basicConstraints: one }) => one && caWords(one)],
  ['2.5.29.15', t('certificates_ext_usage'), ({ keyUsage }) => keyUsage && usagesWords(keyUsage)],
  [
    '2.5.29.37',
    t('certificates_ext_for'),
    ({ extKeyUsage }) => extKeyUsage && purposesWords(extKeyUsage),
  ],
  [
    '2.5.29.17',
    t('certificates_ext_addresses'),
    ({ subjectAltName: names }) => names && namesWords(names),
  ],
  [
    '2.5.29.18',
    t('certificates_ext_issuer_addresses'),
    ({ issuerAltName: names }) => names && namesWords(names),
  ],
  [
    '2.5.29.14',
    t('certificates_ext_key_id'),
    ({ subjectKeyId }) => subjectKeyId && encodeHex(subjectKeyId),
  ],
  [
    '2.5.29.35',
    t('certificates_ext_issuer_key_id'),
    ({ authorityKeyId: one }) => one?.keyId && encodeHex(one.keyId),
  ],
  [
    '2.5.29.31',
    t('certificates_ext_lists'),
    ({ crlDistributionPoints: points }) =>
      points
        ?.flatMap(({ name }) => (name?.kind === 'full' ? name.names.map(generalNameText) : []))
        .join(', '),
  ],
  [
    '2.5.29.46',
    t('certificates_ext_lists_newest'),
    ({ freshestCrl: points }) =>
      points
        ?.flatMap(({ name }) => (name?.kind === 'full' ? name.names.map(generalNameText) : []))
        .join(', '),
  ],
  [
    '1.3.6.1.5.5.7.1.1',
    t('certificates_ext_access'),
    ({ authorityInfoAccess: one }) => one && list([...one.ocsp, ...one.caIssuers]),
  ],
  [
    '2.5.29.32',
    t('certificates_ext_policies'),
    ({ policies }) => policies?.map(({ oid }) => oid).join(', '),
  ],
  [
    '2.5.29.33',
    t('certificates_ext_mappings'),
    ({ policyMappings }) =>
      policyMappings?.map((one) => `${one.issuerDomain} → ${one.subjectDomain}`).join(', '),
  ],
  [
    '2.5.29.30',
    t('certificates_ext_limits'),
    ({ nameConstraints: one }) =>
      one &&
      t('certificates_ext_limits_words', [
        namesWords(one.permitted) || '–',
        namesWords(one.excluded) || '–',
      ]),
  ],
  ['1.3.6.1.5.5.7.48.1.5', t('certificates_ext_no_check'), () => t('certificates_yes')],
]

function caWords({ isCa, pathLength }: { isCa: boolean; pathLength: number | null }): string {
  if (!isCa) return t('certificates_ca_no')
  if (pathLength === null) return t('certificates_ca_any')
  return pathLength === 0 ? t('certificates_ca_none') : t('certificates_ca_some', [`${pathLength}`])
}

const usagesWords = (usages: ReadonlySet<KeyUsage>): string =>
  list([...usages].map((usage) => keyUsageWords[usage]))

/** One line for each extension, those that are not known by their identifier and bytes. */
export const extensionFacts = ({
  extensionList,
  extensions,
}: Pick<Certificate, 'extensionList' | 'extensions'>): readonly Fact[] =>
  extensionList.map(({ oid, critical, value }) => {
    const row = rows.find(([known]) => known === oid)
    const said = row?.[2](extensions)
    return { label: row?.[1] ?? oid, words: said || encodeHex(value), critical }
  })

/** RFC 5280 section 5.3.1, those a person gives, by their codes. */
export const revocationReasons = [
  ['0', t('certificates_reason_none')],
  ['1', t('certificates_reason_stolen')],
  ['3', t('certificates_reason_moved')],
  ['4', t('certificates_reason_replaced')],
  ['5', t('certificates_reason_over')],
  ['9', t('certificates_reason_withdrawn')],
] as const

export const reasonWords = (code: number): string =>
  revocationReasons.find(([known]) => known === `${code}`)?.[1] ?? t('certificates_reason_none')

export const untilWords = ({ notAfter }: Pick<Certificate, 'notAfter'>): string =>
  dayWords(notAfter / 1000)
