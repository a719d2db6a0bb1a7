using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Inference.Caching;

/// <summary>
/// Names one question to one version: SHA-256 over the model, the version's digest, the signature, the outputs asked for, the parameters, and each input's name, datatype, shape
/// and bytes. Not over the request's id, its caller or its deadline. A cryptographic hash, because callers choose the inputs: nobody can make two questions
/// that share an answer, so the inputs themselves need not be kept to compare.
/// </summary>
internal readonly record struct CacheKey(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>The key of a request to a version.</summary>
    public static CacheKey Of(ServableInfo servable, InferenceRequest request)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, servable.ModelName);
        Append(hash, servable.Version);
        Append(hash, servable.Digest);
        Append(hash, servable.SignatureName);
        Append(hash, request.RequestedOutputs.Count);
        foreach (string output in request.RequestedOutputs)
        {
            Append(hash, output);
        }

        AppendParameters(hash, request.Parameters);
        AppendInputs(hash, request.Inputs);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(digest);
        return new CacheKey(words[0], words[1], words[2], words[3]);
    }

    public override int GetHashCode() => (int)First;

    // The order in which a caller lists parameters and inputs means nothing.
    private static void AppendParameters(IncrementalHash hash, IReadOnlyDictionary<string, ParameterValue> parameters)
    {
        Append(hash, parameters.Count);
        foreach ((string name, ParameterValue value) in parameters.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, (long)value.Kind);
            Append(hash, value.Int64);
            Append(hash, value.Text ?? "");
        }
    }

    private static void AppendInputs(IncrementalHash hash, IReadOnlyList<Tensor> inputs)
    {
        Append(hash, inputs.Count);
        IEnumerable<Tensor> ordered = inputs.Count == 1 ? inputs : inputs.OrderBy(static input => input.Name, StringComparer.Ordinal);
        foreach (Tensor input in ordered)
        {
            Append(hash, input.Name);
            Append(hash, (long)input.DataType);
            Append(hash, input.Shape.Rank);
            hash.AppendData(MemoryMarshal.AsBytes(input.Shape.Dimensions));
            Append(hash, input.Data.Length);
            hash.AppendData(input.Data.Span);
        }
    }

    // Every variable part is preceded by its length, so that no two sequences run together into one.
    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number) => hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
}
