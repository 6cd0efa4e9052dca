import { $ } from "zx";
import type { TestHost } from "./attached.ts";
import { hostImage } from "./image.ts";
import { type SignedRepository, signedRepository } from "./signed-repository.ts";

/**
 * Docker's repository for Debian 12, as a stand-in on the host itself: the packages have the vendor's names and hold Debian 12's engine,
 * and Debian 13's compose plugin, which is one static file.
 */
export async function dockerRepository(host: TestHost): Promise<SignedRepository> {
  const folder = "/srv/stand-in-docker";
  await host.out(`mkdir -p ${folder}`);
  const plugin = "cd /tmp && dpkg-deb --fsys-tarfile /var/cache/apt/archives/docker-compose_*.deb";
  const image = await hostImage("trixie");
  await $({
    quiet: true,
    timeout: "2m",
  })`docker run --rm --entrypoint sh ${image} -c ${plugin} | docker exec -i ${host.container} sh -c ${`cat > ${folder}/compose.tar`}`;
  await host.out(repack(folder));
  return signedRepository(host, "docker");
}

/**
 * Offers a newer version of the engine where this host has it from: made of the one that is there. A broken one ends as soon as it is started.
 * Debian's own is offered by a repository beside Debian's.
 */
export async function offerEngine(host: TestHost, version: string, broken = false): Promise<void> {
  const docker = (await host.exec("dpkg -s docker-ce")).exitCode === 0;
  const [name, folder] = docker ? ["docker-ce", "docker"] : ["docker.io", "engine"];
  await host.out(`
    set -e
    mkdir -p /srv/stand-in-${folder} && cd /srv/stand-in-${folder} && rm -rf tree
    deb=$(ls ${name}.deb /var/cache/apt/archives/${name}_*.deb 2>/dev/null | head -n 1)
    dpkg-deb -R "$deb" tree
    sed -i 's/^Version: .*/Version: ${version}/' tree/DEBIAN/control
    rm -f tree/DEBIAN/md5sums
    ${broken ? "printf '#!/bin/sh\\nexit 1\\n' > tree/usr/sbin/dockerd" : ""}
    dpkg-deb -Znone -b tree ${name}_${version.replace(":", ".")}.deb > /dev/null
    rm -rf tree`);
  const { uri, key } = await signedRepository(host, folder);
  if (!docker) await host.out(`echo 'deb [signed-by=${key}] ${uri} /' > /etc/apt/sources.list.d/newer.list`);
  await host.out("apt-get update -qq");
}

/** Takes Debian's packages apart and puts their files together under the vendor's names. */
function repack(folder: string): string {
  const version = "5:20.10.24-1~stand-in";
  return `
    export DEBIAN_FRONTEND=noninteractive
    set -e
    cd ${folder}
    package() {
      mkdir -p "$1/DEBIAN"
      printf 'Package: %s\\nVersion: ${version}\\nArchitecture: amd64\\nMaintainer: stand-in <nobody@example.org>\\nDepends: %s\\nDescription: stand-in\\n' "$1" "$2" > "$1/DEBIAN/control"
      dpkg-deb -Znone -b "$1" "$1.deb" > /dev/null
      rm -rf "$1"
    }
    mkdir from
    (cd from && apt-get download -qq docker.io containerd runc)
    for p in containerd runc; do dpkg-deb -x from/"$p"_*.deb containerd.io; done
    package containerd.io libc6
    dpkg-deb -x from/docker.io_*.deb docker-ce
    mkdir -p docker-ce-cli/usr/bin
    mv docker-ce/usr/bin/docker docker-ce-cli/usr/bin/
    package docker-ce-cli libc6
    package docker-ce 'containerd.io, docker-ce-cli, iptables'
    mkdir docker-compose-plugin
    tar -C docker-compose-plugin -xf compose.tar --wildcards './usr/libexec/*'
    package docker-compose-plugin docker-ce-cli
    mkdir docker-buildx-plugin
    package docker-buildx-plugin docker-ce-cli
    rm -rf from compose.tar`;
}
