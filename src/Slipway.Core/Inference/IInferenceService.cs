namespace Slipway.Core;

/// <summary>
/// The narrow waist: protocols call it, Inference implements it, other rooms wrap it. Thread-safe.
/// </summary>
public interface IInferenceService
{
    /// <summary>Runs one request.</summary>
    /// <param name="request">Stays the caller's; not touched any more once the task has completed.</param>
    /// <param name="cancellationToken">The caller went away or its deadline passed.</param>
    /// <returns>The answer, to be disposed by the caller.</returns>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>, <see cref="ErrorCode.ModelNotReady"/>,
    /// <see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.ShapeMismatch"/>, <see cref="ErrorCode.Overloaded"/>,
    /// <see cref="ErrorCode.DeadlineExceeded"/>, <see cref="ErrorCode.Cancelled"/>, <see cref="ErrorCode.ModelFailed"/>.
    /// </exception>
    ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken);
}
