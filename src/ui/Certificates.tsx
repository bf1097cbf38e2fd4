// ui: what the person sees; speaks the protocol like any other client. This file: the certificates of one's own, of one's
// own authority, and of those whom one trusts.

import { ArrowLeft, FileBadge, FileUp, Landmark } from 'lucide'
import { AuthorityCard } from './AuthorityCard.tsx'
import { hashOf } from './address.ts'
import { BringIn } from './BringIn.tsx'
import { CertificateCard, SignerCard, UnreadCard } from './CertificateCard.tsx'
import { isAuthority, type Kept, kept, loadCertificates } from './certificateList.ts'
import { Icon } from './Icon.tsx'
import { IssueCertificate } from './IssueCertificate.tsx'
import { MakeAuthority } from './MakeAuthority.tsx'
import { NewCertificate } from './NewCertificate.tsx'
import { ErrorAlert } from './Notices.tsx'
import { route } from './route.ts'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { t } from './words.ts'

const here = ['documents', 'certificates'] as const

export function Certificates() {
  const { error } = useShown(loadCertificates, [status.value])
  const [, what = '', id = ''] = route.value.path
  const all = kept.value
  if (!all) {
    return error ? <ErrorAlert error={error} /> : <p class="lead late">{t('loading')}</p>
  }
  const issuer = all.certificates.find(({ entry }) => entry.CertificateId === id)
  if (what === 'new') return <Page view={<NewCertificate />} />
  if (what === 'bring-in') return <Page view={<BringIn />} />
  if (what === 'authority') return <Page view={<MakeAuthority />} />
  if (what === 'issue' && issuer) return <Page view={<IssueCertificate issuer={issuer} />} />
  return <List all={all} error={error} />
}

function Page({ view }: { readonly view: preact.ComponentChildren }) {
  return (
    <>
      <a class="back" href={hashOf(here)}>
        <Icon of={ArrowLeft} />
        {t('certificates_all')}
      </a>
      {view}
    </>
  )
}

function List({ all, error }: { readonly all: Kept; readonly error: unknown }) {
  const own = all.certificates.filter(({ entry }) => entry.Kind === 'own')
  const trusted = all.certificates.filter(({ entry }) => entry.Kind === 'trusted')
  const authorities = own.filter(({ certificate }) => isAuthority(certificate))
  const mine = own.filter((one) => !authorities.includes(one))
  return (
    <>
      <p class="lead">{t('certificates_lead')}</p>
      <div class="row">
        <a class="button primary" href={hashOf([...here, 'new'])}>
          <Icon of={FileBadge} />
          {t('certificates_new')}
        </a>
        <a class="button" href={hashOf([...here, 'bring-in'])}>
          <Icon of={FileUp} />
          {t('certificates_bring_in')}
        </a>
        <a class="button" href={hashOf([...here, 'authority'])}>
          <Icon of={Landmark} />
          {t('certificates_make_authority')}
        </a>
      </div>
      <ErrorAlert error={error} />
      <section class="stack" aria-labelledby="own-certificates">
        <h2 id="own-certificates">{t('certificates_own')}</h2>
        {mine.length === 0 && <p class="hint">{t('certificates_own_none')}</p>}
        {mine.map((one) => (
          <CertificateCard key={one.entry.CertificateId} kept={one} />
        ))}
      </section>
      <section class="stack" aria-labelledby="trusted-certificates">
        <h2 id="trusted-certificates">{t('certificates_trusted')}</h2>
        {trusted.length + all.signers.length === 0 && (
          <p class="hint">{t('certificates_trusted_none')}</p>
        )}
        {trusted.map((one) => (
          <CertificateCard key={one.entry.CertificateId} kept={one} />
        ))}
        {all.signers.map((entry) => (
          <SignerCard key={entry.CertificateId} entry={entry} />
        ))}
      </section>
      <section class="stack" aria-labelledby="issued-certificates">
        <h2 id="issued-certificates">{t('certificates_issued')}</h2>
        {authorities.length === 0 && <p class="hint">{t('certificates_issued_none')}</p>}
        {authorities.map((one) => (
          <AuthorityCard key={one.entry.CertificateId} authority={one} all={all.certificates} />
        ))}
      </section>
      {all.unread.map((entry) => (
        <UnreadCard key={entry.CertificateId} entry={entry} />
      ))}
    </>
  )
}
