import { library } from '../../tsup.base.ts';

// Bundled, so that core installs nothing else.
export default library({ noExternal: ['mrmime', 'p-map', 'valibot'] });
