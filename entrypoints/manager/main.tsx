import { Manager } from '../../src/ui/Manager.tsx'
import { start } from '../../src/ui/start.tsx'

start(<Manager />)
