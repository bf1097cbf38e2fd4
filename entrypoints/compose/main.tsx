import { Compose } from '../../src/ui/Compose.tsx'
import { start } from '../../src/ui/start.tsx'

start(<Compose />)
