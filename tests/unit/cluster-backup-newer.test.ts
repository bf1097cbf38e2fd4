// A backup that a newer Keyhearth made is named so, wherever it is given, and nothing is changed by it.

import { expect, test } from 'vitest'
import {
  BackupRows,
  backupFormat,
  backupKeyName,
  writeBackupRows,
} from '../../src/codec/backupFormat.ts'
import { decrypt, encrypt, rawAesKeyring } from '../../src/encryption-sdk/index.ts'
import { Background, passphrase } from './background.ts'
import { backUp, type File, merge, refusalOf, send } from './backups.ts'

/** The same backup, as one of that format would begin. */
async function ofFormat(vault: Background, file: File, format: number): Promise<File> {
  const wrappingKey = vault.hsm.opened.vault.backupKey
  const keyring = rawAesKeyring({ ...backupKeyName, wrappingKey })
  const { plaintext, messageHeader } = await decrypt(keyring, file)
  const [first, ...others] = new BackupRows().push(plaintext)
  if (!first) throw new Error('no rows')
  expect(first.row['format']).toBe(backupFormat)
  const rows = [{ ...first, row: { ...first.row, format } }, ...others]
  const { result } = await encrypt(keyring, writeBackupRows(rows), {
    suiteId: 0x0478,
    encryptionContext: messageHeader.encryptionContext,
  })
  return result
}

test('a backup of a newer version is merged, restored and proven by none but a newer Keyhearth', async () => {
  const vault = await Background.withVaultOfItsOwn()
  const { RecoveryKey } = await vault.call('keyhearth:GetPendingRecoveryKey', {})
  const kept = { RecoveryKey: (RecoveryKey ?? []).join(' ') }
  await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'before' })
  const file = await backUp(vault)
  await vault.call('secretsmanager:PutSecretValue', { SecretId: 'a', SecretString: 'after' })
  const same = await ofFormat(vault, file, backupFormat)
  expect(await refusalOf(merge(vault, same))).toBe('none')
  const newer = await ofFormat(vault, file, backupFormat + 1)
  expect(await refusalOf(merge(vault, newer))).toBe('backup-newer')
  expect(await refusalOf(send(vault, newer, 'verify', kept))).toBe('backup-newer')
  const { SecretString } = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'a' })
  expect(SecretString).toBe('after')
  const fresh = await Background.start()
  expect(await refusalOf(send(fresh, newer, 'replace', kept))).toBe('backup-newer')
  expect(fresh.hsm.state).toBe('missing')
  const { RestoreId } = await send(fresh, same, 'replace', kept)
  await fresh.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: passphrase })
  expect(fresh.hsm.state).toBe('unlocked')
}, 60_000)
