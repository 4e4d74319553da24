/** Runs a command; what goes wrong ends in one line on stderr and exit code 1, with the stack only when asked for. */
export async function main(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const known = error instanceof Error;
    const code = known && 'code' in error ? String(error.code) : '';
    const misspelt = code.startsWith('ERR_PARSE_ARGS');
    if (misspelt) console.error('--help lists the options.');
    const said = known && (misspelt ? error.message : `${error.name}: ${error.message}`);
    console.error(said && !process.env.DEBUG ? said : error);
    process.exitCode = 1;
  }
}
