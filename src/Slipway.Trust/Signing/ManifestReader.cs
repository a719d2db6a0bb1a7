using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Trust.Json;

namespace Slipway.Trust.Signing;

/// <summary>Reads the in-toto statement of a model's signature. To be called with a payload whose signature holds.</summary>
internal static class ManifestReader
{
    private const string What = "the signed statement";
    private const string OldPredicate = "https://model_signing/Digests/v0.1";

    /// <summary>Reads a statement.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is not a statement of a model's files; <see cref="ErrorCode.NotSupported"/>: a hash or method that is not known here.</exception>
    public static SignedManifest Read(ReadOnlyMemory<byte> payload)
    {
        JsonField statement = JsonField.Parse(payload, What);
        statement.Require("_type").Expect(ManifestWriter.StatementType);
        JsonField predicateType = statement.Require("predicateType");
        if (predicateType.AsText() == OldPredicate)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the signature is of a form from before version 1.0 (Digests/v0.1), which is not read any more: sign the model again");
        }

        predicateType.Expect(ManifestWriter.PredicateType);
        IReadOnlyList<JsonField> subjects = statement.Require("subject").AsList(16);
        if (subjects.Count != 1)
        {
            throw statement.Wrong($"has {subjects.Count} subjects, but exactly one is expected");
        }

        JsonField predicate = statement.Require("predicate");
        JsonField serialization = predicate.Require("serialization");
        long? shardSize = ReadMethod(serialization);
        JsonField list = predicate.Require("resources");
        ManifestResource[] resources = [.. list.AsList(TrustLimits.MaxResources).Select(resource => ReadResource(resource, shardSize))];
        if (resources.Length == 0)
        {
            throw list.Wrong("is empty");
        }

        RefuseRepeated(list, resources);
        JsonField rootDigest = subjects[0].Require("digest").Require("sha256");
        string root = ManifestWriter.RootDigest(resources);
        if (rootDigest.AsText() != root)
        {
            throw rootDigest.Wrong("is not the digest of the resources");
        }

        return new SignedManifest(subjects[0].Require("name").AsText(), root, resources)
        {
            ShardSize = shardSize,
            AllowSymlinks = serialization.Require("allow_symlinks").AsBool(),
            IgnorePaths = [.. (serialization.Find("ignore_paths")?.AsList(10_000) ?? []).Select(static path => path.AsText().TrimEnd('/')).Where(static path => path.Length > 0)],
        };
    }

    private static long? ReadMethod(JsonField serialization)
    {
        JsonField hash = serialization.Require("hash_type");
        if (hash.AsText() != "sha256")
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"the model was signed with the hash '{ResourceNames.Show(hash.AsText())}'; only sha256 is supported: sign it again with that");
        }

        JsonField method = serialization.Require("method");
        switch (method.AsText())
        {
            case "files":
                return null;
            case "shards":
                JsonField size = serialization.Require("shard_size");
                return size.AsCount() is > 0 and var bytes ? bytes : throw size.Wrong("has to be greater than 0");
            default:
                throw new SlipwayException(ErrorCode.NotSupported, $"the model was signed by the method '{ResourceNames.Show(method.AsText())}'; files and shards are supported");
        }
    }

    private static ManifestResource ReadResource(JsonField resource, long? shardSize)
    {
        JsonField name = resource.Require("name");
        JsonField algorithm = resource.Require("algorithm");

        // Signers of before version 1.1 wrote the size of shards into the algorithm.
        if (algorithm.AsText() != "sha256" && (shardSize is not { } size || algorithm.AsText() != FormattableString.Invariant($"sha256-sharded-{size}")))
        {
            throw algorithm.Wrong("has to be sha256, as its hash_type says");
        }

        JsonField digest = resource.Require("digest");
        string hex = digest.AsText();
        if (hex.Length != 2 * SHA256.HashSizeInBytes || !hex.All(char.IsAsciiHexDigitLower))
        {
            throw digest.Wrong("has to be 64 lower-case hexadecimal digits");
        }

        string path = name.AsText();
        long start = 0;
        long? end = null;
        if (shardSize is { } most)
        {
            if (!ResourceNames.TryParseShard(path, out path, out start, out long behind) || behind - start > most || start % most != 0)
            {
                throw name.Wrong("has to be path:start:end, a shard of the size that the statement says");
            }

            end = behind;
        }

        // Old signers named a model that is a single file '.'.
        return path == "." || ResourceNames.Problem(path) is not { } problem
            ? new ManifestResource(path, hex) { Start = start, End = end }
            : throw name.Wrong(problem);
    }

    private static void RefuseRepeated(JsonField list, ManifestResource[] resources)
    {
        HashSet<(string, long)> seen = [];
        foreach (ManifestResource resource in resources)
        {
            if (!seen.Add((resource.Path, resource.Start)))
            {
                throw list.Wrong($"names '{ResourceNames.Show(resource.Path)}' twice");
            }
        }

        if (resources.Length > 1 && resources.Any(static resource => resource.Path == "."))
        {
            throw list.Wrong("names '.' among others");
        }
    }
}
