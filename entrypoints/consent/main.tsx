import { Consent } from '../../src/ui/Consent.tsx'
import { start } from '../../src/ui/start.tsx'

start(<Consent />)
