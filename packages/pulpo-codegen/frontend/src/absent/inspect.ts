/** In the place of `object-inspect`, with which a dependency of `qs` words an error of its own. */
export default String;
