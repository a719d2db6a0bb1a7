namespace Slipway.Inference.Requests;

/// <summary>How big a request is.</summary>
/// <param name="Rows">First dimension of the inputs; 1 when it is no batch.</param>
/// <param name="Bytes">Bytes of all inputs.</param>
/// <param name="IsAdapted">Whether some of the bound inputs were made for this request, see <see cref="InputAdapter.Release"/>.</param>
/// <param name="IsAlone">Whether it must not share a run: it replaces a constant of the model, which would hold for its companions as well.</param>
internal readonly record struct RequestSize(int Rows, long Bytes, bool IsAdapted = false, bool IsAlone = false);
