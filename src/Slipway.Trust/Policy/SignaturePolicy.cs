using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Signing;

namespace Slipway.Trust.Policy;

/// <summary>Judges signatures by rules; the first rule that fits a model's name decides.</summary>
/// <param name="rules">The rules, the last one for every model.</param>
/// <param name="time">When certificates have to be valid: now.</param>
public sealed class SignaturePolicy(IReadOnlyList<SigningRule> rules, TimeProvider time) : ISignaturePolicy
{
    /// <summary>What is asked of a model.</summary>
    public SignatureMode ModeOf(string model) => RuleOf(model).Mode;

    /// <inheritdoc/>
    public ValueTask<SignatureVerdict> VerifyAsync(
        string model, IReadOnlyList<ContentFile> files, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        VerifyAsync(model, files, signature, null, cancellationToken);

    /// <summary>As the other one; the bytes of every file go to <paramref name="copyTo"/> while they are hashed.</summary>
    internal async ValueTask<SignatureVerdict> VerifyAsync(
        string model, IReadOnlyList<ContentFile> files, ReadOnlyMemory<byte> signature, Func<ContentFile, Stream?>? copyTo, CancellationToken cancellationToken)
    {
        SigningRule rule = RuleOf(model);
        if (rule.Mode == SignatureMode.Allow)
        {
            return new SignatureVerdict(SignatureStatus.NotChecked);
        }

        try
        {
            if (signature.IsEmpty)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "it is not signed");
            }

            (SignedManifest manifest, Signer signer) = new ModelVerifier(rule.Trusted, time).Open(SignatureBundle.Parse(signature));
            IReadOnlyList<string> signed = await new ManifestCheck(manifest) { CopyTo = copyTo }.RunAsync(files, cancellationToken);
            return new SignatureVerdict(SignatureStatus.Valid) { Signer = signer.Name, Method = signer.Method, SignedFiles = signed };
        }
        catch (SlipwayException problem) when (rule.Mode == SignatureMode.Warn && IsOfTheModel(problem))
        {
            return new SignatureVerdict(signature.IsEmpty ? SignatureStatus.Unsigned : SignatureStatus.Invalid) { Problem = problem.Message };
        }
        catch (SlipwayException problem) when (IsOfTheModel(problem))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"model '{model}' is refused, as only trusted signatures are accepted for it: {problem.Message}", problem);
        }
    }

    private static bool IsOfTheModel(SlipwayException problem) => problem.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported;

    private SigningRule RuleOf(string model) => rules.First(rule => rule.Matches(model));
}
