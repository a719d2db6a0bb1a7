using Slipway.Inference.Configuration;
using Slipway.Trust.Policy;
using Slipway.Trust.Sigstore;

namespace Slipway.Server.Configuration;

/// <summary>The forms that settings of signing are written in.</summary>
internal static class SigningParsers
{
    /// <summary>What may be asked of signatures.</summary>
    public static IReadOnlyDictionary<string, SignatureMode> Modes { get; } = new Dictionary<string, SignatureMode>(StringComparer.Ordinal)
    {
        ["allow"] = SignatureMode.Allow,
        ["warn"] = SignatureMode.Warn,
        ["refuse"] = SignatureMode.Refuse,
    };

    /// <summary>A list of texts, or one text.</summary>
    public static bool Texts(ConfigValue value, out IReadOnlyList<string> texts)
    {
        IReadOnlyList<ConfigValue> items = value.IsScalar ? [value] : value.AsList() ?? [];
        string?[] read = [.. items.Select(static item => item.AsText())];
        texts = [.. read.OfType<string>().Where(static text => text.Length > 0)];
        if (texts.Count == read.Length && (value.IsScalar || value.IsSequence))
        {
            return true;
        }

        if (read.All(static text => text is not null))
        {
            value.Refuse("texts of at least one character are expected");
        }

        return false;
    }

    /// <summary>What keyless signatures are verified with.</summary>
    public static bool Sigstore(ConfigValue value, out SignerFiles files)
    {
        files = new SignerFiles();
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        files = ReadSigstore(mapping, files);
        return true;
    }

    /// <summary>Rules for models by the pattern of their names.</summary>
    public static bool Models(ConfigValue value, out IReadOnlyList<ModelSigningOptions> models)
    {
        models = [.. (value.AsList() ?? []).Select(ReadModel).OfType<ModelSigningOptions>()];
        return value.IsSequence;
    }

    private static ModelSigningOptions? ReadModel(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        string pattern = mapping.GetObject("pattern", static item => item.AsText(), "")!;
        if (pattern.Length == 0)
        {
            value.Refuse("'pattern' is expected: names of models, with * for any characters");
        }

        SignerFiles signers = new()
        {
            Keys = Get(mapping, "keys"),
            Roots = Get(mapping, "roots"),
            Names = Get(mapping, "names"),
        };
        if (mapping.TryGet("sigstore", out ConfigValue sigstore) && sigstore.AsMapping() is { } inner)
        {
            signers = ReadSigstore(inner, signers);
        }

        ModelSigningOptions model = new(pattern)
        {
            Mode = mapping.TryGet("policy", out ConfigValue policy) ? policy.AsOneOf(Modes) : null,
            Signers = signers,
        };
        mapping.Finish();
        return model;
    }

    private static SignerFiles ReadSigstore(ConfigMapping mapping, SignerFiles files)
    {
        List<SigstoreIdentity> identities = [];
        if (mapping.TryGet("identities", out ConfigValue list))
        {
            foreach (ConfigValue item in list.AsList() ?? [])
            {
                if (item.AsMapping() is { } identity)
                {
                    identities.Add(new SigstoreIdentity(
                        identity.GetObject("name", static text => text.AsText(), "")!, identity.GetObject("issuer", static text => text.AsText(), "")!));
                    identity.Finish();
                }
            }
        }

        files = files with
        {
            SigstoreRoots = Get(mapping, "roots"),
            SigstoreLogKeys = Get(mapping, "logKeys"),
            SigstoreCertificateLogKeys = Get(mapping, "certificateLogKeys"),
            SigstoreIdentities = identities,
        };
        mapping.Finish();
        return files;
    }

    private static IReadOnlyList<string> Get(ConfigMapping mapping, string key) =>
        mapping.TryGet(key, out ConfigValue value) && Texts(value, out IReadOnlyList<string> texts) ? texts : [];
}
