/** The Debian packages that the build needs, each with the file that tells that it is there. */
export const BUILD_PACKAGES = {
  meson: '/usr/bin/meson',
  'ninja-build': '/usr/bin/ninja',
  'pkg-config': '/usr/bin/pkg-config',
  'g++': '/usr/bin/g++',
  'libuv1-dev': '/usr/include/uv.h',
  'libssl-dev': '/usr/include/openssl/ssl.h',
  'libsrtp2-dev': '/usr/include/srtp2/srtp.h',
  'libusrsctp-dev': '/usr/include/usrsctp.h',
  'libabsl-dev': '/usr/include/absl/container/flat_hash_map.h',
  'libflatbuffers-dev': '/usr/include/flatbuffers/flatbuffers.h',
  'flatbuffers-compiler': '/usr/bin/flatc',
};
