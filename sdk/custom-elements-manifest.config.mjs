/** How `custom-elements.json` is made from the element's source; `scripts/rollup/manifest.mjs` runs it. */

const ENTRY = 'dist/define.js';

/** One module, the one that users import; and of the class only what is theirs to use. */
const published = {
  name: 'published',
  packageLinkPhase({ customElementsManifest }) {
    const declaration = customElementsManifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ customElement }) => customElement);
    // Lit's own hooks are public in JavaScript only.
    const hook = ({ name }) => /^(#|render$|updated$|willUpdate$|\w+Callback$|\w+EventListener$)/.test(name);
    declaration.members = declaration.members?.filter(
      (member) => !hook(member) && member.privacy !== 'private' && member.privacy !== 'protected',
    );
    const { name, tagName } = declaration;
    const reference = { name, module: ENTRY };
    customElementsManifest.modules = [
      {
        kind: 'javascript-module',
        path: ENTRY,
        declarations: [declaration],
        exports: [
          { kind: 'js', name, declaration: reference },
          { kind: 'custom-element-definition', name: tagName, declaration: reference },
        ],
      },
    ];
  },
};

export default {
  globs: ['src/element/face-keypoints.ts'],
  litelement: true,
  plugins: [published],
};
