using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>
/// Forecasts of a linear state space model: x(t+1) = T x(t), y(t) = Z x(t) + intercept (Durbin and Koopman, Time Series Analysis by State Space Methods, section 4.11).
/// The document's state is that of the first step ahead, as R's package pmml writes it.
/// </summary>
internal static class StateSpace
{
    private const int MaxStates = 1_000;
    private const long MaxWork = 2_000_000_000;

    /// <summary>The forecasts of an element <c>StateSpaceModel</c>.</summary>
    public static SeriesForecast Forecast(PmmlElement element, int steps)
    {
        if (element.Child("DynamicRegressor") is { } regressor)
        {
            throw PmmlError.NotSupported(regressor, "a regressor of a time series");
        }

        if (element.Child("PsiVector") is { } psi)
        {
            throw PmmlError.NotSupported(psi, "a vector of weights of innovations");
        }

        double intercept = element.Number("intercept") ?? 0;
        if (element.Child("InterceptVector") is { } vector)
        {
            intercept = vector.Attribute("type") is null or "observation" && PmmlArray.NumbersIn(vector) is [var only]
                ? only
                : throw PmmlError.NotSupported(vector, "an intercept other than one number of the observation");
        }

        double[] state = PmmlArray.NumbersIn(element.RequiredChild("StateVector"));
        double[][] transition = Square(element.RequiredChild("TransitionMatrix"), state.Length);
        double[] measurement = Row(element.RequiredChild("MeasurementMatrix"), state.Length);
        return new SeriesForecast(element, Means(element, state, transition, measurement, intercept, steps), Variances(element, transition, measurement, steps));
    }

    /// <summary>The forecasts of an <c>ARIMA</c> from the state of its Kalman filter.</summary>
    public static SeriesForecast FromKalmanState(PmmlElement element, PmmlElement kalman, int steps)
    {
        double[] state = PmmlArray.NumbersIn(kalman.RequiredChild("FinalStateVector"));
        double[][] transition = Square(kalman.RequiredChild("TransitionMatrix"), state.Length);
        double[] measurement = Row(kalman.RequiredChild("MeasurementMatrix"), state.Length);
        return new SeriesForecast(element, Means(element, state, transition, measurement, element.Number("constantTerm") ?? 0, steps));
    }

    private static double[] Means(PmmlElement element, double[] state, double[][] transition, double[] measurement, double intercept, int steps)
    {
        CheckWork(element, (long)state.Length * state.Length * steps);
        double[] means = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            means[step] = Dot(measurement, state) + intercept;
            state = Array.ConvertAll(transition, row => Dot(row, state));
        }

        return means;
    }

    // P(1) given, P(h+1) = T P(h) Tᵀ + V; the observation varies by Z P Zᵀ + H.
    private static double[]? Variances(PmmlElement element, double[][] transition, double[] measurement, int steps)
    {
        int count = measurement.Length;
        if (element.Number("variance") is not { } scale
            || element.Child("PredictedStateCovarianceMatrix") is not { } predicted
            || element.Child("SelectedStateCovarianceMatrix") is not { } selected
            || (long)count * count * count * steps > MaxWork)
        {
            return null;
        }

        double[][] covariance = Square(predicted, count);
        double[][] noise = Square(selected, count);
        double observation = element.Child("ObservationVarianceMatrix") is { } own ? Row(own, 1)[0] : 0;

        // A predicted covariance is never below the noise of the state; where the document's is, it is that of the state before the first step.
        if (Quadratic(measurement, covariance) < Quadratic(measurement, noise) * (1 - 1e-9))
        {
            covariance = Next(transition, covariance, noise);
        }

        double[] variances = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            variances[step] = scale * Math.Max(0, Quadratic(measurement, covariance) + observation);
            covariance = Next(transition, covariance, noise);
        }

        return variances;
    }

    private static double[][] Next(double[][] transition, double[][] covariance, double[][] noise)
    {
        // Symmetric: (T P) times the rows of T.
        double[][] half = Array.ConvertAll(transition, row => Array.ConvertAll(covariance, column => Dot(row, column)));
        double[][] next = new double[half.Length][];
        for (int i = 0; i < half.Length; i++)
        {
            next[i] = new double[half.Length];
            for (int j = 0; j < half.Length; j++)
            {
                next[i][j] = Dot(half[i], transition[j]) + noise[i][j];
            }
        }

        return next;
    }

    private static double Quadratic(double[] vector, double[][] matrix) => Dot(vector, Array.ConvertAll(matrix, row => Dot(row, vector)));

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double[][] Square(PmmlElement parent, int size)
    {
        double[][] rows = PmmlArray.Matrix(parent.RequiredChild("Matrix"));
        return size is > 0 and <= MaxStates && rows.Length == size && Array.TrueForAll(rows, row => row.Length == size)
            ? rows
            : throw PmmlError.Invalid(parent, $"is no matrix of {size} rows and columns, 1 to {MaxStates}");
    }

    private static double[] Row(PmmlElement parent, int size)
    {
        double[][] rows = PmmlArray.Matrix(parent.RequiredChild("Matrix"));
        return rows is [{ } row] && row.Length == size ? row : throw PmmlError.Invalid(parent, $"is no matrix of one row of {size}");
    }

    private static void CheckWork(PmmlElement element, long work)
    {
        if (work > MaxWork)
        {
            throw PmmlError.Invalid(element, "has too many states");
        }
    }
}
