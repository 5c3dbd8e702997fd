/* The engine's loop on Rosenbrock's valley once more, in C: the same arithmetic in the same order,
   the same record (path, loss, slopes) and the same two checks at each step. */

#include <math.h>
#include <stdint.h>

static inline double rosenbrock(double x, double y, double b, double *g)
{
    double u = 1.0 - x, w = y - x * x;
    g[0] = -2.0 * u - 4.0 * b * x * w;
    g[1] = 2.0 * b * w;
    return u * u + b * w * w;
}

static inline void sgd(double *theta, double *m, const double *g, double lr, const double *k)
{
    (void)m, (void)k;
    for (int i = 0; i < 2; i++)
        theta[i] -= lr * g[i];
}

static inline void momentum(double *theta, double *v, const double *g, double lr, const double *k)
{
    for (int i = 0; i < 2; i++) {
        v[i] = k[0] * v[i] - lr * g[i];
        theta[i] += v[i];
    }
}

static inline void rmsprop(double *theta, double *r, const double *g, double lr, const double *k)
{
    for (int i = 0; i < 2; i++) {
        r[i] = k[0] * r[i] + (1.0 - k[0]) * g[i] * g[i];
        theta[i] -= lr * g[i] / (sqrt(r[i]) + k[1]);
    }
}

static inline void adam(double *theta, double *m, const double *g, double lr, const double *k)
{
    for (int j = 0; j < 2; j++) { /* the powers of both betas, in double precision twice over */
        double power = m[4 + j] < 1e-40 ? 0.0 : m[4 + j];
        double high = 134217729.0 * power;
        high = high - (high - power);
        double low = power - high, rest_of = k[j] - k[3 + j], product = power * k[j];
        double rest = high * k[3 + j] - product + high * rest_of + low * k[3 + j] + low * rest_of;
        rest = rest + m[6 + j] * k[j];
        m[4 + j] = product + rest;
        m[6 + j] = rest - (m[4 + j] - product);
    }
    for (int i = 0; i < 2; i++) {
        double s = k[0] * m[i] + (1.0 - k[0]) * g[i];
        double r = k[1] * m[2 + i] + (1.0 - k[1]) * g[i] * g[i];
        m[i] = s;
        m[2 + i] = r;
        theta[i] -= lr * (s / (1.0 - m[4])) / (sqrt(r / (1.0 - m[5])) + k[2]);
    }
}

#define LOOP(rule)                                                                                 \
    int64_t run_##rule(double *theta, double *memory, const double *knobs, double b,               \
                       const double *lr, double *path, double *loss, double *gradients,            \
                       double center_x, double center_y, double reach_squared, int64_t steps)      \
    {                                                                                              \
        for (int64_t k = 0; k < steps; k++) {                                                      \
            double g[2];                                                                           \
            double value = rosenbrock(theta[0], theta[1], b, g);                                   \
            if (!(value - value == 0.0))                                                           \
                return k;                                                                          \
            loss[k] = value;                                                                       \
            gradients[2 * k] = g[0];                                                               \
            gradients[2 * k + 1] = g[1];                                                           \
            rule(theta, memory, g, lr[k], knobs);                                                  \
            double dx = theta[0] - center_x, dy = theta[1] - center_y;                             \
            if (!(dx * dx + dy * dy <= reach_squared))                                             \
                return k + 1;                                                                      \
            path[2 * (k + 1)] = theta[0];                                                          \
            path[2 * (k + 1) + 1] = theta[1];                                                      \
        }                                                                                          \
        return -1;                                                                                 \
    }

LOOP(sgd)
LOOP(momentum)
LOOP(rmsprop)
LOOP(adam)
