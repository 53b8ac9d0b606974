// A disk that can lose power and fill up, for one process and one folder. Preloaded into the server (LD_PRELOAD).
//
// FAULT_DIR    the folder that is watched
// FAULT_IMAGE  a folder that always holds only what was fsynced: for each file, its bytes as of its last fsync.
//              What a machine would find there after a power cut that kept nothing else.
// FAULT_FLAG   while this file exists and begins with F, writes fail with ENOSPC; with E, fsync fails with EIO.
//
// The -shm file is left alone: SQLite builds it anew from the log and never counts on it.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

template <typename Function>
Function next(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

using Open = int (*)(const char *, int, ...);
using OpenAt = int (*)(int, const char *, int, ...);
using Close = int (*)(int);
using Write = ssize_t (*)(int, const void *, size_t);
using Pwrite = ssize_t (*)(int, const void *, size_t, off_t);
using Truncate = int (*)(int, off_t);
using Sync = int (*)(int);

struct File {
  ino_t inode = 0;  // of the file whose bytes the image holds; 0: none
  std::vector<std::pair<off_t, off_t>> dirty;
};

std::mutex guard;
std::map<std::string, File> &files() {
  static auto *all = new std::map<std::string, File>();  // never destroyed: close() may come at exit
  return *all;
}
std::map<int, std::string> &open_files() {
  static auto *all = new std::map<int, std::string>();
  return *all;
}

const std::string &setting(const char *name) {
  static auto *known = new std::map<std::string, std::string>();
  auto found = known->find(name);
  if (found != known->end()) return found->second;
  const char *value = getenv(name);
  return (*known)[name] = value ? value : "";
}

char trouble() {
  const std::string &path = setting("FAULT_FLAG");
  if (path.empty()) return 0;
  static const auto real_open = next<Open>("open");
  static const auto real_close = next<Close>("close");
  int fd = real_open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char first = 0;
  if (read(fd, &first, 1) != 1) first = 0;
  real_close(fd);
  return first;
}

bool is_inside(const std::string &path, const std::string &folder) {
  return !folder.empty() && path.compare(0, folder.size() + 1, folder + "/") == 0;
}

bool ends_with(const std::string &text, const char *end) {
  size_t length = strlen(end);
  return text.size() >= length && text.compare(text.size() - length, length, end) == 0;
}

void remember(int fd) {
  int kept = errno;
  std::lock_guard<std::mutex> lock(guard);
  const std::string &folder = setting("FAULT_DIR");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = folder.empty() ? -1 : readlink(link, path, sizeof path - 1);
  open_files().erase(fd);
  if (length > 0) {
    std::string name(path, length);
    struct stat about;
    if (is_inside(name, folder) && !ends_with(name, "-shm") && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
      open_files()[fd] = name;
      files()[name];
    }
  }
  errno = kept;
}

// The name of the watched file behind this descriptor, or null.
const std::string *watched(int fd) {
  auto found = open_files().find(fd);
  return found == open_files().end() ? nullptr : &found->second;
}

void touched(int fd, off_t from, off_t length) {
  int kept = errno;
  std::lock_guard<std::mutex> lock(guard);
  if (const std::string *name = watched(fd)) files()[*name].dirty.emplace_back(from, from + length);
  errno = kept;
}

bool is_watched(int fd) {
  std::lock_guard<std::mutex> lock(guard);
  return watched(fd) != nullptr;
}

void make_folders(const std::string &path) {
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    mkdir(path.substr(0, at).c_str(), 0700);
}

// After a real fsync: brings the image of this file up to date.
void keep(int fd) {
  int kept = errno;
  std::lock_guard<std::mutex> lock(guard);
  const std::string *name = watched(fd);
  const std::string &image = setting("FAULT_IMAGE");
  struct stat about;
  if (name && !image.empty() && fstat(fd, &about) == 0) {
    static const auto real_open = next<Open>("open");
    static const auto real_close = next<Close>("close");
    static const auto real_pwrite = next<Pwrite>("pwrite");
    static const auto real_truncate = next<Truncate>("ftruncate");

    File &file = files()[*name];
    std::string copy = image + name->substr(setting("FAULT_DIR").size());
    make_folders(copy);
    int source = real_open(name->c_str(), O_RDONLY | O_CLOEXEC);
    int target = real_open(copy.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (source >= 0 && target >= 0) {
      if (file.inode != about.st_ino) {
        // Another file of this name than the image knows: nothing of the old one counts.
        file.dirty.assign(1, {0, about.st_size});
        file.inode = about.st_ino;
        if (real_truncate(target, 0) != 0) abort();
      }
      std::vector<char> block(64 * 1024);
      for (auto [from, to] : file.dirty) {
        while (from < to) {
          size_t wanted = std::min<off_t>(to - from, block.size());
          ssize_t got = pread(source, block.data(), wanted, from);
          if (got <= 0) break;
          if (real_pwrite(target, block.data(), got, from) != got) abort();
          from += got;
        }
      }
      file.dirty.clear();
      if (real_truncate(target, about.st_size) != 0) abort();
    }
    if (source >= 0) real_close(source);
    if (target >= 0) real_close(target);
  }
  errno = kept;
}

// A name is gone for good only once its folder was fsynced: until then a power cut may bring the file back.
std::vector<std::string> &unlinked() {
  static auto *all = new std::vector<std::string>();
  return *all;
}

std::string absolute(const char *path) {
  if (path[0] == '/') return path;
  char here[PATH_MAX];
  return std::string(getcwd(here, sizeof here) ? here : "") + "/" + path;
}

void keep_folder(int fd) {
  int kept = errno;
  std::lock_guard<std::mutex> lock(guard);
  struct stat about;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length > 0 && fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
    static const auto real_unlink = next<int (*)(const char *)>("unlink");
    const std::string folder(path, length);
    auto &names = unlinked();
    for (const std::string &name : names) {
      if (!is_inside(name, folder)) continue;
      real_unlink((setting("FAULT_IMAGE") + name.substr(setting("FAULT_DIR").size())).c_str());
      files()[name].inode = 0;
    }
    names.erase(std::remove_if(names.begin(), names.end(),
                               [&](const std::string &name) { return is_inside(name, folder); }),
                names.end());
  }
  errno = kept;
}

bool is_full(int fd) {
  if (!is_watched(fd) || trouble() != 'F') return false;
  errno = ENOSPC;
  return true;
}

int sync_with(const char *name, int fd) {
  if (is_watched(fd) && trouble() == 'E') {
    errno = EIO;
    return -1;
  }
  int result = next<Sync>(name)(fd);
  if (result == 0) keep(fd);
  if (result == 0) keep_folder(fd);
  return result;
}

}  // namespace

extern "C" {

#define OPEN(name)                                        \
  int name(const char *path, int flags, ...) {            \
    static const auto real = next<Open>(#name);           \
    va_list rest;                                         \
    va_start(rest, flags);                                \
    mode_t mode = va_arg(rest, mode_t);                   \
    va_end(rest);                                         \
    int fd = real(path, flags, mode);                     \
    if (fd >= 0) remember(fd);                            \
    return fd;                                            \
  }
OPEN(open)
OPEN(open64)

#define OPEN_AT(name)                                     \
  int name(int folder, const char *path, int flags, ...) { \
    static const auto real = next<OpenAt>(#name);         \
    va_list rest;                                         \
    va_start(rest, flags);                                \
    mode_t mode = va_arg(rest, mode_t);                   \
    va_end(rest);                                         \
    int fd = real(folder, path, flags, mode);             \
    if (fd >= 0) remember(fd);                            \
    return fd;                                            \
  }
OPEN_AT(openat)
OPEN_AT(openat64)

int close(int fd) {
  static const auto real = next<Close>("close");
  {
    std::lock_guard<std::mutex> lock(guard);
    open_files().erase(fd);
  }
  return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static const auto real = next<Write>("write");
  if (!is_watched(fd)) return real(fd, bytes, count);
  if (is_full(fd)) return -1;
  off_t from = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
  ssize_t written = real(fd, bytes, count);
  if (written > 0) touched(fd, from, written);
  return written;
}

#define PWRITE(name)                                                   \
  ssize_t name(int fd, const void *bytes, size_t count, off_t from) {  \
    static const auto real = next<Pwrite>(#name);                      \
    if (is_full(fd)) return -1;                                        \
    ssize_t written = real(fd, bytes, count, from);                    \
    if (written > 0) touched(fd, from, written);                       \
    return written;                                                    \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

int unlink(const char *path) {
  static const auto real = next<int (*)(const char *)>("unlink");
  int result = real(path);
  if (result == 0) {
    std::lock_guard<std::mutex> lock(guard);
    std::string name = absolute(path);
    if (is_inside(name, setting("FAULT_DIR"))) {
      unlinked().push_back(name);
      files()[name].inode = 0;  // a new file of this name may get the same inode
    }
  }
  return result;
}

// Taken as durable at once: file systems in use put a rename after the bytes of the file that moves.
int rename(const char *from, const char *to) {
  static const auto real = next<int (*)(const char *, const char *)>("rename");
  int result = real(from, to);
  if (result == 0) {
    std::lock_guard<std::mutex> lock(guard);
    const std::string source = absolute(from), target = absolute(to), folder = setting("FAULT_DIR");
    const std::string &image = setting("FAULT_IMAGE");
    if (!image.empty() && is_inside(source, folder) && is_inside(target, folder)) {
      real((image + source.substr(folder.size())).c_str(), (image + target.substr(folder.size())).c_str());
      files()[target] = files()[source];
      files().erase(source);
    }
  }
  return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }
int fdatasync(int fd) { return sync_with("fdatasync", fd); }

}  // extern "C"
